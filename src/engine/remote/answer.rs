//! What a server answers: one object of JSON, or a stream of server-sent events
//! with a piece of the text in each
//! ([chat](https://platform.openai.com/docs/api-reference/chat) and plain
//! completions).

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use serde::Deserialize;

use super::Fault;
use crate::engine::Finish;

/// Bytes of an answer at most; a sentence needs a few hundred.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One translation of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub text: String,
    pub finish: Finish,
    /// Tokens as the server counts them, or the pieces in which they came.
    pub tokens: usize,
}

#[derive(Deserialize)]
struct Message {
    choices: Vec<Part>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    completion_tokens: usize,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    index: usize,
    /// Of plain completions.
    #[serde(default)]
    text: Option<String>,
    /// Of a whole chat completion.
    #[serde(default)]
    message: Option<Content>,
    /// Of a streamed one.
    #[serde(default)]
    delta: Option<Content>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    content: Option<String>,
}

/// What has come of one choice.
#[derive(Default)]
struct Draft {
    text: String,
    pieces: usize,
    finish: Option<Finish>,
}

/// The choices of an answer, in their order.
#[derive(Default)]
struct Drafts(BTreeMap<usize, Draft>);

impl Drafts {
    fn take(&mut self, message: Message) -> Result<(), Fault> {
        for part in message.choices {
            let draft = self.0.entry(part.index).or_default();
            let content = [part.message, part.delta].into_iter().flatten();
            let texts = content.filter_map(|content| content.content);
            for text in part.text.into_iter().chain(texts) {
                draft.pieces += usize::from(!text.is_empty());
                draft.text.push_str(&text);
            }
            draft.finish = match part.finish_reason.as_deref() {
                None => draft.finish,
                Some("length") => Some(Finish::Length),
                Some("content_filter") => {
                    return Err(Fault::Text(
                        "it withheld the answer (content_filter)".into(),
                    ));
                }
                Some(_) => Some(Finish::End),
            };
        }
        Ok(())
    }

    /// The choices, if each has come to its end.
    fn finished(self) -> Result<Vec<Choice>, Fault> {
        if self.0.is_empty() {
            return Err(Fault::passing("its answer holds no translation"));
        }
        let choice = |draft: Draft| {
            Some(Choice {
                finish: draft.finish?,
                text: draft.text,
                tokens: draft.pieces,
            })
        };
        self.0
            .into_values()
            .map(choice)
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::passing("its answer breaks off"))
    }
}

/// Reads a whole answer.
///
/// # Errors
/// A passing fault when it is cut off or not what it should be.
pub fn whole(reader: impl Read) -> Result<Vec<Choice>, Fault> {
    let mut bytes = Vec::new();
    reader
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|_| Fault::passing("its answer breaks off"))?;
    let mut message: Message = serde_json::from_slice(&bytes)
        .map_err(|_| Fault::passing("its answer is not as agreed"))?;
    let usage = message.usage.take();
    let mut drafts = Drafts::default();
    drafts.take(message)?;
    let mut choices = drafts.finished()?;
    if let (Some(usage), Some(first)) = (usage, choices.first_mut()) {
        // It counts for all choices together.
        first.tokens = usage.completion_tokens;
        choices
            .iter_mut()
            .skip(1)
            .for_each(|choice| choice.tokens = 0);
    }
    Ok(choices)
}

/// Reads a stream of events, as long as the answer is `wanted`.
///
/// # Errors
/// As [`whole`]; [`Fault::Unwanted`] when it was given up.
pub fn streamed(mut reader: impl BufRead, wanted: &dyn Fn() -> bool) -> Result<Vec<Choice>, Fault> {
    let mut drafts = Drafts::default();
    let mut line = Vec::new();
    let mut left = LARGEST;
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(left)
            .read_until(b'\n', &mut line)
            .map_err(|_| Fault::passing("its answer breaks off"))?;
        left -= read as u64;
        if !wanted() {
            return Err(Fault::Unwanted);
        }
        if read == 0 {
            return drafts.finished();
        }
        let Some(data) = line.strip_prefix(b"data:") else {
            continue;
        };
        let data = data.trim_ascii();
        if data == b"[DONE]" {
            return drafts.finished();
        }
        let message = serde_json::from_slice(data)
            .map_err(|_| Fault::passing("its answer is not as agreed"))?;
        drafts.take(message)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(choices: Result<Vec<Choice>, Fault>) -> Result<Vec<(String, Finish, usize)>, Fault> {
        choices.map(|choices| {
            let parts = |choice: Choice| (choice.text, choice.finish, choice.tokens);
            choices.into_iter().map(parts).collect()
        })
    }

    fn read(stream: &str) -> Result<Vec<(String, Finish, usize)>, Fault> {
        texts(streamed(stream.as_bytes(), &|| true))
    }

    #[test]
    fn whole_answers_of_both_kinds_are_read() {
        let chat = r#"{"id":"x","choices":[
            {"index":1,"message":{"role":"assistant","content":"B"},"finish_reason":"length"},
            {"index":0,"message":{"content":"A"},"finish_reason":"stop"}],
            "usage":{"completion_tokens":7}}"#;
        let expected = vec![
            ("A".into(), Finish::End, 7),
            ("B".into(), Finish::Length, 0),
        ];
        assert_eq!(texts(whole(chat.as_bytes())), Ok(expected));
        let plain = r#"{"choices":[{"text":"A","finish_reason":"stop"}]}"#;
        let expected = vec![("A".into(), Finish::End, 1)];
        assert_eq!(texts(whole(plain.as_bytes())), Ok(expected));
    }

    #[test]
    fn streams_are_put_together_by_choice() {
        let stream = "\
: a comment\r\n\
data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}\r\n\r\n\
data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"One\"}}]}\n\n\
data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The \"}}]}\n\n\
data:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"house\"},\"finish_reason\":\"stop\"}]}\n\n\
data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n\
data: {\"choices\":[],\"usage\":{\"completion_tokens\":3}}\n\n\
data: [DONE]\n\n";
        let expected = vec![
            ("The house".into(), Finish::End, 2),
            ("One".into(), Finish::Length, 1),
        ];
        assert_eq!(read(stream), Ok(expected));
        // Some servers close without the last word.
        let (cut, _) = stream.split_once("data: [DONE]").unwrap();
        assert!(read(cut).is_ok());
    }

    #[test]
    fn what_is_cut_off_is_no_translation() {
        let piece = "data: {\"choices\":[{\"delta\":{\"content\":\"The\"}}]}\n\n";
        for stream in [
            "",
            "data: [DONE]\n",
            piece,
            &format!("{piece}data: [DONE]\n"),
            &format!("{piece}data: {{\"choi"),
            &format!("{piece}data: {{\"error\":{{\"message\":\"no memory\"}}}}\n\n"),
        ] {
            assert!(
                matches!(read(stream), Err(Fault::Passing { .. })),
                "{stream}"
            );
        }
        for answer in [
            "",
            "{}",
            "[]",
            "{\"choices\":[]}",
            "<html>",
            "{\"choices\":[{}]}",
        ] {
            let read = whole(answer.as_bytes());
            assert!(matches!(read, Err(Fault::Passing { .. })), "{answer}");
        }
    }

    #[test]
    fn a_withheld_answer_is_the_texts_own_fault() {
        let answer = r#"{"choices":[{"text":"","finish_reason":"content_filter"}]}"#;
        assert!(matches!(whole(answer.as_bytes()), Err(Fault::Text(_))));
    }

    #[test]
    fn nobody_reads_on_for_nobody() {
        let stream = "data: {\"choices\":[{\"text\":\"A\"}]}\n\n".repeat(3);
        let read = streamed(stream.as_bytes(), &|| false);
        assert_eq!(read, Err(Fault::Unwanted));
    }
}
