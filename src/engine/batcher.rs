//! Who joins the batch next: a pure policy without threads, clock or model.
//!
//! Requests take turns, one segment each, so that a long article does not
//! starve a short one. Within a request segments keep their order. The entry
//! whose turn it is waits until it fits, and nobody overtakes it, so wide
//! entries (beams) are not starved either. Times are given by the caller as
//! the duration since any fixed moment.

use std::collections::VecDeque;
use std::time::Duration;

/// Names one submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u64);

/// What an entry needs of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Sequences that it occupies at once: its beam width.
    pub sequences: usize,
    /// Tokens to be fed before its first token is written.
    pub prompt_tokens: usize,
}

/// What the batch has to give in this step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub sequences: usize,
    pub prompt_tokens: usize,
}

/// A waiting segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    pub cost: Cost,
    pub expires: Option<Duration>,
    pub item: T,
}

#[derive(Debug)]
struct Queue<T> {
    request: RequestId,
    entries: VecDeque<Entry<T>>,
}

/// The waiting segments of all requests.
#[derive(Debug)]
pub struct Batcher<T> {
    /// The front one has the next turn. No queue is empty.
    queues: VecDeque<Queue<T>>,
}

impl<T> Default for Batcher<T> {
    fn default() -> Self {
        Batcher {
            queues: VecDeque::new(),
        }
    }
}

impl<T> Batcher<T> {
    pub fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }

    pub fn len(&self) -> usize {
        self.queues.iter().map(|queue| queue.entries.len()).sum()
    }

    /// Adds the segments of a request; its turn comes after all others'.
    pub fn push(&mut self, request: RequestId, entries: impl IntoIterator<Item = Entry<T>>) {
        let entries: VecDeque<_> = entries.into_iter().collect();
        if !entries.is_empty() {
            self.queues.push_back(Queue { request, entries });
        }
    }

    /// Takes the entries that join the batch now.
    ///
    /// The first one joins whatever its prompt costs, as long as there is a
    /// place for its sequences: an entry above the budget would otherwise wait
    /// for ever.
    pub fn admit(&mut self, mut room: Room) -> Vec<Entry<T>> {
        let mut admitted = Vec::new();
        while let Some(mut queue) = self.queues.pop_front() {
            let fits = queue.entries.front().is_some_and(|entry| {
                entry.cost.sequences <= room.sequences
                    && (admitted.is_empty() || entry.cost.prompt_tokens <= room.prompt_tokens)
            });
            if !fits {
                self.queues.push_front(queue);
                break;
            }
            if let Some(entry) = queue.entries.pop_front() {
                room.sequences -= entry.cost.sequences;
                room.prompt_tokens = room.prompt_tokens.saturating_sub(entry.cost.prompt_tokens);
                admitted.push(entry);
            }
            if !queue.entries.is_empty() {
                self.queues.push_back(queue);
            }
        }
        admitted
    }

    /// The first waiting entry that `wanted` recognises.
    pub fn find(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut Entry<T>> {
        self.queues
            .iter_mut()
            .flat_map(|queue| &mut queue.entries)
            .find(|entry| wanted(&entry.item))
    }

    /// Removes the entries whose time has passed.
    pub fn expire(&mut self, now: Duration) -> Vec<Entry<T>> {
        self.remove(|entry| entry.expires.is_some_and(|expires| expires <= now))
    }

    /// Removes the entries that `gone` says nobody waits for.
    pub fn cancel(&mut self, gone: impl Fn(&T) -> bool) -> Vec<Entry<T>> {
        self.remove(|entry| gone(&entry.item))
    }

    fn remove(&mut self, unwanted: impl Fn(&Entry<T>) -> bool) -> Vec<Entry<T>> {
        let mut removed = Vec::new();
        for queue in &mut self.queues {
            if queue.entries.iter().any(&unwanted) {
                let (out, kept): (Vec<_>, VecDeque<_>) =
                    std::mem::take(&mut queue.entries).into_iter().fold(
                        (Vec::new(), VecDeque::new()),
                        |(mut out, mut kept), entry| {
                            if unwanted(&entry) {
                                out.push(entry);
                            } else {
                                kept.push_back(entry);
                            }
                            (out, kept)
                        },
                    );
                removed.extend(out);
                queue.entries = kept;
            }
        }
        self.queues.retain(|queue| !queue.entries.is_empty());
        removed
    }

    /// Requests that wait, in the order of their turns.
    pub fn requests(&self) -> impl Iterator<Item = RequestId> + '_ {
        self.queues.iter().map(|queue| queue.request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(item: &'static str, sequences: usize, prompt_tokens: usize) -> Entry<&'static str> {
        Entry {
            cost: Cost {
                sequences,
                prompt_tokens,
            },
            expires: None,
            item,
        }
    }

    fn admit(
        batcher: &mut Batcher<&'static str>,
        sequences: usize,
        prompt_tokens: usize,
    ) -> String {
        let room = Room {
            sequences,
            prompt_tokens,
        };
        let items: Vec<_> = batcher.admit(room).iter().map(|entry| entry.item).collect();
        items.join(" ")
    }

    #[test]
    fn requests_take_turns() {
        let mut batcher = Batcher::default();
        batcher.push(
            RequestId(1),
            ["a1", "a2", "a3"].map(|item| entry(item, 1, 10)),
        );
        batcher.push(RequestId(2), ["b1"].map(|item| entry(item, 1, 10)));
        assert_eq!(admit(&mut batcher, 3, 1000), "a1 b1 a2");
        assert_eq!(admit(&mut batcher, 3, 1000), "a3");
        assert!(batcher.is_empty());
    }

    #[test]
    fn a_latecomer_is_served_before_the_rest_of_a_long_article() {
        let mut batcher = Batcher::default();
        batcher.push(
            RequestId(1),
            ["a1", "a2", "a3", "a4"].map(|item| entry(item, 1, 10)),
        );
        assert_eq!(admit(&mut batcher, 2, 1000), "a1 a2");
        batcher.push(RequestId(2), ["b1"].map(|item| entry(item, 1, 10)));
        assert_eq!(admit(&mut batcher, 2, 1000), "a3 b1");
    }

    #[test]
    fn the_prompt_budget_spreads_newcomers_over_steps() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), ["a", "b", "c"].map(|item| entry(item, 1, 60)));
        assert_eq!(admit(&mut batcher, 8, 120), "a b");
        assert_eq!(admit(&mut batcher, 8, 120), "c");
    }

    #[test]
    fn an_entry_above_the_budget_joins_alone() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), [entry("huge", 1, 5000), entry("next", 1, 5)]);
        assert_eq!(admit(&mut batcher, 8, 100), "huge");
        assert_eq!(admit(&mut batcher, 8, 100), "next");
    }

    #[test]
    fn a_wide_entry_is_not_overtaken() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), [entry("wide", 4, 5)]);
        batcher.push(RequestId(2), [entry("narrow", 1, 5)]);
        assert_eq!(admit(&mut batcher, 3, 100), "");
        assert_eq!(admit(&mut batcher, 5, 100), "wide narrow");
    }

    #[test]
    fn nothing_is_admitted_without_room() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), [entry("a", 1, 5)]);
        assert_eq!(admit(&mut batcher, 0, 100), "");
        assert_eq!(batcher.len(), 1);
    }

    #[test]
    fn entries_expire_by_the_clock_that_is_given() {
        let mut batcher = Batcher::default();
        let mut late = entry("late", 1, 5);
        late.expires = Some(Duration::from_secs(10));
        batcher.push(RequestId(1), [late, entry("patient", 1, 5)]);
        assert!(batcher.expire(Duration::from_secs(9)).is_empty());
        let expired = batcher.expire(Duration::from_secs(10));
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].item, "late");
        assert_eq!(admit(&mut batcher, 1, 100), "patient");
    }

    #[test]
    fn a_waiting_entry_is_found() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), [entry("a", 1, 5), entry("b", 1, 5)]);
        batcher.push(RequestId(2), [entry("c", 1, 5)]);
        let found = batcher.find(|item| *item == "c").map(|entry| entry.item);
        assert_eq!(found, Some("c"));
        assert!(batcher.find(|item| *item == "d").is_none());
    }

    #[test]
    fn cancelled_entries_leave_and_turns_go_on() {
        let mut batcher = Batcher::default();
        batcher.push(RequestId(1), [entry("a", 1, 5), entry("b", 1, 5)]);
        batcher.push(RequestId(2), [entry("c", 1, 5)]);
        assert_eq!(batcher.cancel(|item| *item != "c").len(), 2);
        assert_eq!(batcher.requests().collect::<Vec<_>>(), [RequestId(2)]);
    }

    proptest::proptest! {
        /// Every entry is admitted exactly once, in order within its request,
        /// and never beyond the room.
        #[test]
        fn everybody_gets_in(lengths in proptest::collection::vec(0usize..6, 1..6),
                             widths in proptest::collection::vec(1usize..4, 30),
                             room in 3usize..9) {
            let mut batcher = Batcher::default();
            let mut expected = 0;
            for (request, length) in lengths.iter().enumerate() {
                expected += length;
                batcher.push(RequestId(request as u64), (0..*length).map(|index| Entry {
                    cost: Cost { sequences: widths[request * 5 + index], prompt_tokens: 50 },
                    expires: None,
                    item: (request, index),
                }));
            }
            let mut seen = vec![0usize; lengths.len()];
            let mut total = 0;
            while !batcher.is_empty() {
                let admitted = batcher.admit(Room { sequences: room, prompt_tokens: 120 });
                proptest::prop_assert!(!admitted.is_empty());
                proptest::prop_assert!(admitted.iter().map(|e| e.cost.sequences).sum::<usize>() <= room);
                for entry in admitted {
                    let (request, index) = entry.item;
                    proptest::prop_assert_eq!(seen[request], index);
                    seen[request] += 1;
                    total += 1;
                }
            }
            proptest::prop_assert_eq!(total, expected);
        }
    }
}
