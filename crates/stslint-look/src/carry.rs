//! The loop that every look is: what the engine wants to know, until it knows all there is.

use std::future::Future;
use std::pin::Pin;
use stslint::live::check::{Ask, Check, Id, Reply};
use tokio::task::JoinSet;

/// What became of a question.
pub enum Begun<A> {
    /// It is answered at once.
    Known(Reply),
    /// Somebody looks.
    Job(Pin<Box<dyn Future<Output = A> + Send>>),
}

impl<A> Begun<A> {
    /// Somebody looks.
    pub fn job(job: impl Future<Output = A> + Send + 'static) -> Self {
        Self::Job(Box::pin(job))
    }
}

/// What is looked at for a question, for people; `port` is that of mail hosts. Names in it are text from outside.
pub fn what(ask: &Ask, port: u16) -> String {
    match ask {
        Ask::Dns { name, kind, .. } => format!("{} {name}", kind.word()),
        Ask::Fetch { host } => format!("https://{host}"),
        Ask::Smtp { host } => format!("SMTP at {host}, port {port}"),
    }
}

/// Who answers the questions of one check.
pub trait Carrier {
    /// What comes of a question.
    type Answer: Send + 'static;

    /// Says who answers a question. Each job has to end by itself.
    fn begin(&mut self, check: &Check, ask: Ask) -> Begun<Self::Answer>;

    /// Keeps what is worth it of an answer, and turns it into the engine's reply.
    fn take(&mut self, answer: Self::Answer) -> Reply;

    /// The reply to a question whose job broke down.
    fn broken(&mut self, ask: &Ask) -> Reply;
}

/// Carries the questions of a check to whoever answers them, all that are open at the same time, and the answers back,
/// until every question is answered. Dropping this ends the jobs.
pub async fn carry<C: Carrier>(check: &mut Check, carrier: &mut C) {
    let mut jobs: JoinSet<(Id, C::Answer)> = JoinSet::new();
    loop {
        let mut again = false;
        for (id, ask) in check.questions() {
            match carrier.begin(check, ask) {
                Begun::Known(reply) => {
                    check.answer(id, reply);
                    again = true;
                }
                Begun::Job(job) => {
                    jobs.spawn(async move { (id, job.await) });
                }
            }
        }
        if again {
            // What was answered at once may lead to more questions.
            continue;
        }
        match jobs.join_next().await {
            Some(Ok((id, answer))) => {
                check.answer(id, carrier.take(answer));
            }
            Some(Err(_)) => {}
            None => {
                let open = check.asked().into_iter().filter(|(_, _, reply)| reply.is_none());
                let open: Vec<(Id, Ask)> = open.map(|(id, ask, _)| (id, ask.clone())).collect();
                if open.is_empty() {
                    break;
                }
                for (id, ask) in open {
                    let reply = carrier.broken(&ask);
                    check.answer(id, reply);
                }
            }
        }
    }
}
