//! Official documents: made from checks and matters, filled in, issued, printed, served; and the register of their numbers.

mod ctx;
mod delivery;
mod draft;
mod forms;
mod make;
mod page;
mod paper;
mod ranges;
mod register;
mod served;
mod store;
mod terms;

pub use self::forms::FormsPage;
pub use self::make::{DocumentsOf, Offer};
pub use self::page::DocumentPage;
pub use self::register::RegisterPage;
