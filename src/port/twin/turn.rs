//! One at a time, in the order of asking.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A lock for one thread whose waiters are served in order. A waiter that is dropped gives its place up.
#[derive(Default)]
pub(super) struct Turn {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    taken: bool,
    next_ticket: u64,
    waiting: VecDeque<(u64, Waker)>,
}

/// While it lives, nobody else has the turn.
pub(super) struct Taken<'a>(&'a Turn);

struct Take<'a> {
    turn: &'a Turn,
    ticket: Option<u64>,
}

impl Turn {
    /// Waits for the turn.
    pub(super) async fn take(&self) -> Taken<'_> {
        Take { turn: self, ticket: None }.await
    }

    fn wake_first(&self) {
        let first = self.state.borrow().waiting.front().map(|(_, waker)| waker.clone());
        if let Some(waker) = first {
            waker.wake();
        }
    }
}

impl<'a> Future for Take<'a> {
    type Output = Taken<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Taken<'a>> {
        let turn = self.turn;
        let mut state = turn.state.borrow_mut();
        let first = state.waiting.front().map(|(ticket, _)| *ticket);
        if !state.taken && (first.is_none() || first == self.ticket) {
            state.taken = true;
            state.waiting.pop_front();
            self.ticket = None;
            return Poll::Ready(Taken(turn));
        }
        let ticket = self.ticket.unwrap_or(state.next_ticket);
        match state.waiting.iter_mut().find(|(number, _)| *number == ticket) {
            Some((_, waker)) => waker.clone_from(context.waker()),
            None => {
                state.next_ticket += 1;
                state.waiting.push_back((ticket, context.waker().clone()));
                self.ticket = Some(ticket);
            }
        }
        Poll::Pending
    }
}

impl Drop for Take<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.turn.state.borrow_mut().waiting.retain(|(number, _)| *number != ticket);
            if !self.turn.state.borrow().taken {
                self.turn.wake_first();
            }
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.state.borrow_mut().taken = false;
        self.0.wake_first();
    }
}
