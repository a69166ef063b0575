//! Where orders are taken from clients that do not wait for long: DeepL's give
//! up after a few seconds and send the same again. The second time they find
//! what was begun the first time; otherwise a long article would be begun again
//! and again, and never finished.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tracing::Instrument;

use super::order::{Answer, Order};
use crate::error::{Error, Result};

/// How long work goes on, and its result is kept, while nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

type Outcome = Result<Arc<[Answer]>>;
type Orders = HashMap<Order, watch::Sender<Option<Outcome>>>;

/// Orders that are worked on, and those whose clients have yet to come back.
#[derive(Debug, Clone)]
pub struct Desk {
    patience: Duration,
    orders: Arc<Mutex<Orders>>,
}

/// An order that lies on the desk until this is dropped.
struct Entry {
    desk: Desk,
    order: Order,
    news: watch::Sender<Option<Outcome>>,
    /// Whether it was taken from the desk before its time.
    taken: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Desk::with_patience(PATIENCE)
    }
}

impl Desk {
    fn with_patience(patience: Duration) -> Self {
        Desk {
            patience,
            orders: Arc::default(),
        }
    }

    /// Waits for an order to be carried out: by `work`, unless the same order
    /// lies on the desk already.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn ask(
        &self,
        order: Order,
        work: impl Future<Output = Result<Vec<Answer>>> + Send + 'static,
    ) -> Result<Vec<Answer>> {
        let mut news = self.take(order, work);
        let outcome = match news.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone(),
            Err(_) => None,
        };
        match outcome {
            Some(outcome) => outcome.map(|answers| answers.to_vec()),
            None => Err(Error::Internal("an order was lost".into())),
        }
    }

    /// Looking and laying down are one step, so that no order lies there twice.
    fn take(
        &self,
        order: Order,
        work: impl Future<Output = Result<Vec<Answer>>> + Send + 'static,
    ) -> watch::Receiver<Option<Outcome>> {
        let mut orders = self.orders();
        if let Some(news) = orders.get(&order) {
            return news.subscribe();
        }
        let (news, heard) = watch::channel(None);
        orders.insert(order.clone(), news.clone());
        let entry = Entry {
            desk: self.clone(),
            order,
            news,
            taken: false,
        };
        tokio::spawn(entry.attend(work).in_current_span());
        heard
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Works as long as somebody waits, or is likely to come back.
    async fn attend(mut self, work: impl Future<Output = Result<Vec<Answer>>>) {
        let outcome = tokio::select! {
            outcome = work => outcome.map(Arc::from),
            () = self.forsaken() => return,
        };
        // What was heard need not be kept, and a failure is better tried anew.
        let kept = outcome.is_ok() && self.news.receiver_count() == 0;
        self.news.send_replace(Some(outcome));
        if kept {
            self.forsaken().await;
        }
    }

    /// Returns once nobody has waited for a while, with the order taken from
    /// the desk.
    async fn forsaken(&mut self) {
        while !self.taken {
            self.news.closed().await;
            tokio::time::sleep(self.desk.patience).await;
            // Under the lock, so that nobody comes back in between.
            let mut orders = self.desk.orders();
            if self.news.receiver_count() == 0 {
                orders.remove(&self.order);
                self.taken = true;
            }
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // If it was taken, the same order may lie there for somebody else.
        if !self.taken {
            self.desk.orders().remove(&self.order);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::oneshot;

    use super::*;
    use crate::document::Format;
    use crate::http::order::Source;

    fn order(text: &str) -> Order {
        Order {
            texts: vec![text.to_owned()],
            format: Format::Text,
            source: Source::German,
            glossary: None,
        }
    }

    fn answer(text: &str) -> Vec<Answer> {
        vec![Answer {
            text: text.to_owned(),
            detected: None,
            characters: 1,
            warnings: Vec::new(),
        }]
    }

    #[tokio::test]
    async fn the_same_order_is_carried_out_once_and_another_by_itself() {
        let desk = Desk::default();
        let (finish, finished) = oneshot::channel();
        let first = desk.ask(order("a"), async move {
            finished.await.expect("it is told to finish");
            Ok(answer("A"))
        });
        let second = desk.ask(order("a"), async {
            panic!("the work is done by the first")
        });
        let other = desk.ask(order("b"), async { Ok(answer("B")) });
        let finish = async {
            assert_eq!(other.await.expect("it is done"), answer("B"));
            finish.send(()).expect("it waits");
        };
        let (first, second, ()) = tokio::join!(first, second, finish);
        assert_eq!(first.expect("it is done"), answer("A"));
        assert_eq!(second.expect("it is done"), answer("A"));
        while !desk.orders().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_gave_up_and_comes_back_finds_the_answer() {
        let desk = Desk::default();
        let runs = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let runs = runs.clone();
            desk.ask(order("a"), async move {
                runs.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(30)).await;
                Ok(answer("A"))
            })
        };
        let impatient = tokio::time::timeout(Duration::from_millis(5), ask()).await;
        assert!(impatient.is_err());
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(ask().await.expect("it is done"), answer("A"));
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn work_ends_when_nobody_comes_back() {
        let desk = Desk::with_patience(Duration::from_millis(5));
        let (held, dropped) = oneshot::channel::<()>();
        let work = desk.ask(order("a"), async move {
            let _held = held;
            std::future::pending().await
        });
        let given_up = tokio::time::timeout(Duration::from_millis(5), work).await;
        assert!(given_up.is_err());
        dropped.await.expect_err("the work is dropped");
        assert!(desk.orders().is_empty());
    }

    #[tokio::test]
    async fn failures_are_heard_and_tried_anew() {
        let desk = Desk::default();
        let failed = desk.ask(order("a"), async { Err(Error::NotReady) }).await;
        assert!(matches!(failed, Err(Error::NotReady)));
        while !desk.orders().is_empty() {
            tokio::task::yield_now().await;
        }
        let done = desk.ask(order("a"), async { Ok(answer("A")) }).await;
        assert_eq!(done.expect("it is done"), answer("A"));
    }
}
