//! Procedures (程序): what may be done with a hazard, a sample, a supervision order and the like, in which order, by whom
//! and until when.
//!
//! A procedure is data (`public/content/procedures`), for law and bureaus change it; the code knows no state of any of
//! them. A matter (案件) is one record that carries the definition it was begun with and the steps that were done.
//!
//! Where things stand in the journal of a matter (all paths are documented here and nowhere else):
//!
//! | path | value |
//! |---|---|
//! | `kind` | [`Procedure::kind`], such as `"hazard"` |
//! | `procedure` | the [`Procedure`] that it was begun with |
//! | `opened` | `{"ms":…,"offset_min":…}` |
//! | `bureau` | the bureau |
//! | `fields/<field>` | what the matter is about, by [`Procedure::fields`] |
//! | `unit/{id,name,uscc,address,contact,phone}` | the unit, copied when the matter began |
//! | `equipment/{id,name,code,type_code,cert_no,place}` | the equipment, likewise |
//! | `proposed/<field>` | what the program proposed for a field of the matter when it began; of hazards `serious`, `major` (booleans), `serious_clauses`, `major_clauses` (names of clauses), `grading_reason` (text) |
//! | `proposed/from` | `{"list":…,"item":…}`: the failed item that it was proposed for |
//! | `proposed/check` | `[{"grading":…,"clause":…,"why":…}]`: clauses to look into, see [`crate::rules::grading`] |
//! | `links/<name>` | `{"record":…,"kind":…,"title":…,"key":…}`: what it came from or led to |
//! | `steps/<id>/step` | which [`StepDef`]; `<id>` is never given again, on any device |
//! | `steps/<id>/fields/<field>` | what the step asks |
//! | `steps/<id>/done` | `{"ms":…,"offset_min":…,"of":{"fields/<field>":…,"photos/<photo>":…}}`: from now on the step counts and is not changed any more; `of` holds the digests of what it said |
//! | `steps/<id>/dropped` | why it was not done |
//! | `steps/<id>/papers/<document>` | `{"template":…,"title":{"zh":…,"en":…},"number":…,"day":…,"withdrawn"?:true}`: a document that was issued for the step; may follow when the step is done |
//! | `photos/<photo>` | as in an inspection; its `item` is `<field>` or `<step id>.<field>` |
//! | `seals/<n>` | [`crate::evidence::seal::RecordSeal`] |
//! | `shown/<id>` | `{"ms":…,"offset_min":…,"fields":[…]}`: somebody had these private fields shown to them; none named means all |
//! | `near/<record>` | `{"as":"duplicate"/"dismissed","ms":…,"offset_min":…,"title":…}`: what somebody found of another matter that looks like this one |
//! | `extract` | what the record was taken from and what was left out, see [`crate::app::extract`] |
//! | `voided` | why the matter counts no more |

mod case;
mod content;
mod definition;
mod line;
mod paper;
mod private;
mod timing;

pub(crate) use self::case::lack_of;
pub use self::case::{Case, Done, Lack, Open, answers_of, departs, lacks, photos_of};
pub use self::content::{digests, signed};
pub(crate) use self::definition::check_fields;
pub use self::definition::{
    Bound, ClockDef, Field, FieldKind, Named, Numbered, OptionDef, Procedure, ProcedureError, Required, StateDef, StepDef, Tone,
};
pub use self::line::line;
pub use self::paper::{Paper, paper_path, papers_of};
pub use self::private::{is_private_path, mark, masked, names_private, secrets};
pub use self::timing::{End, Running, Timer, count, running, timers};

/// The path of a field of the matter, or of a step.
#[must_use]
pub fn field_path(step: Option<&str>, field: &str) -> String {
    match step {
        Some(step) => format!("steps/{step}/fields/{field}"),
        None => format!("fields/{field}"),
    }
}

/// What photos name as their place: a field of the matter, or of a step.
#[must_use]
pub fn photo_item(step: Option<&str>, field: &str) -> String {
    match step {
        Some(step) => format!("{step}.{field}"),
        None => field.to_owned(),
    }
}
