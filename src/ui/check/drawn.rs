//! Which questions of a part are drawn: a window that moves with the person, so that a list of 2,000 costs no more than one of 200.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

/// How many questions are drawn before anything is shown: more than a screen holds.
const FIRST: usize = 10;
/// How many more in each of the next frames, until [`SOON`].
const STEP: usize = 10;
/// How many are there soon, wherever the person looks: all of a usual list.
const SOON: usize = 40;
/// How many more each time the end comes near.
const MORE: usize = 40;
/// How many questions before one that is gone to are drawn with it.
const BEFORE: usize = 5;
/// How many are drawn at most: each that is drawn makes every answer slower, even out of sight.
const MOST: usize = 240;

/// The window: from the question at one place of the part on, up to before another.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    from: RwSignal<usize>,
    end: RwSignal<usize>,
}

impl Drawn {
    /// The first questions, and a usual list within the next frames.
    pub fn begin() -> Self {
        let drawn = Self { from: RwSignal::new(0), end: RwSignal::new(FIRST) };
        // Two frames on the first questions have been shown.
        request_animation_frame(move || drawn.soon());
        drawn
    }

    /// Draws the questions of a usual list, some in each frame, unless the part has gone from the screen.
    fn soon(self) {
        request_animation_frame(move || {
            let end = self.end.try_update(|end| {
                *end = (*end).max(SOON.min(*end + STEP));
                *end
            });
            if end.is_some_and(|end| end < SOON) {
                self.soon();
            }
        });
    }

    /// How many lie before it.
    pub fn before(self) -> usize {
        self.from.get()
    }

    /// How many of so many lie behind it.
    pub fn behind(self, total: usize) -> usize {
        total.saturating_sub(self.end.get())
    }

    /// Which questions of a section are drawn, as how many of it are left out before and where it stops.
    pub fn within(self, begins: usize) -> (usize, usize) {
        (self.from.get().saturating_sub(begins), self.end.get().saturating_sub(begins))
    }

    /// Whether anything of a section is drawn; what asks nothing yet is drawn with its neighbours.
    pub fn has(self, begins: usize, ends: usize, total: usize) -> bool {
        let (from, end) = (self.from.get(), self.end.get());
        (ends > from || begins >= from) && (begins < end || end >= total)
    }

    /// A question far away is drawn before anyone goes to it, with its neighbours and without all that lies between.
    pub fn go_to(self, place: usize) {
        let (from, end) = (self.from.get_untracked(), self.end.get_untracked());
        if place < from || place > end + MORE {
            self.from.set(place.saturating_sub(BEFORE));
            self.end.set(place + MORE);
        } else if place + BEFORE > end {
            self.set(from, place + MORE);
        }
    }

    /// More at the end; what has been left far behind goes.
    pub fn on(self) {
        self.set(self.from.get_untracked(), self.end.get_untracked() + MORE);
    }

    /// More before the beginning; what has been left far behind goes.
    pub fn back(self) {
        let from = self.from.get_untracked().saturating_sub(MORE);
        let held = Held::take();
        self.end.update(|end| *end = (*end).min(from + MOST));
        self.from.set(from);
        held.put_back();
    }

    fn set(self, from: usize, end: usize) {
        self.end.set(end);
        let first = end.saturating_sub(MOST);
        // A field that is being written in stays where it is.
        if first > from && !is_writing() {
            let held = Held::take();
            self.from.set(first);
            held.put_back();
        }
    }
}

/// Whether the person is in a field of a question.
fn is_writing() -> bool {
    let field = document().active_element();
    field.is_some_and(|field| field.matches("input, textarea, select").unwrap_or(false))
}

/// A question on the screen, and how far from the top it stands.
struct Held(Option<(Element, f64)>);

impl Held {
    fn take() -> Self {
        let cards = document().query_selector_all(".check-item").ok();
        let on_screen = cards.and_then(|cards| {
            (0..cards.length()).filter_map(|index| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(cards.get(index)?).ok()).find_map(|card| {
                let place = card.get_bounding_client_rect();
                (place.bottom() > 0.0).then(|| (card.into(), place.top()))
            })
        });
        Self(on_screen)
    }

    /// Puts it where it was, where the browser has not done that itself.
    fn put_back(self) {
        request_animation_frame(move || {
            if let Some((card, top)) = self.0
                && card.is_connected()
            {
                window().scroll_by_with_x_and_y(0.0, card.get_bounding_client_rect().top() - top);
            }
        });
    }
}
