//! Times of building a form and of answering in it: `cargo run --release -p spotcheck-expr --example bench`.
#![allow(missing_docs, clippy::panic)]

use std::rc::Rc;
use std::time::{Duration, Instant};

use spotcheck_expr::{Engine, Expr, Form, FormDef, Host, Kind, Names, NodeDef, Now, ROOT};

/// A checklist: groups of 20 questions; each question is relevant by the one before its group, each group by a switch.
fn checklist(questions: usize) -> FormDef {
    let mut nodes = vec![NodeDef::new("kind", Kind::Question, None)];
    let mut group = None;
    for index in 0..questions {
        if index % 20 == 0 {
            group = Some(nodes.len());
            let mut node = NodeDef::new(&format!("group{index}"), Kind::Group, None);
            node.relevant = Some("selected(${kind}, 'elevator') or ${kind} = ''".to_owned());
            nodes.push(node);
        }
        let mut node = NodeDef::new(&format!("q{index}"), Kind::Question, group);
        if index % 20 > 0 {
            let first = index - index % 20;
            node.relevant = Some(format!("${{q{first}}} != 'no' and (string-length(${{q{first}}}) < 9 or today() > '2020-01-01')"));
        }
        node.constraint = Some("regex(., '[a-z]*') or . > 5".to_owned());
        node.required = Some("${kind} = 'elevator'".to_owned());
        nodes.push(node);
    }
    let mut total = NodeDef::new("answered", Kind::Question, None);
    total.calculate = Some("if(${q0} = 'yes', 1, 0) + if(${q1} = 'yes', 1, 0)".to_owned());
    nodes.push(total);
    FormDef { nodes, lists: Vec::new() }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn main() {
    let host = Host {
        now: Now { utc_ms: 1_709_255_107_250, offset_min: 480, names: &Names::CHINESE },
        seed: [1, 2],
        label_column: "label".to_owned(),
    };
    let text = "selected(${a}, 'x') and (${b} > 5 or ${c} = 'yes') and string-length(.) < 20";
    let (_, took) = timed(|| (0..10_000).filter(|_| Expr::parse(text).is_ok()).count());
    println!("parse {} characters: {:?}", text.len(), took / 10_000);
    for questions in [100, 500, 2_000] {
        let (form, compiled) = timed(|| Form::compile(checklist(questions)));
        let form = Rc::new(form.unwrap_or_else(|errors| panic!("{errors:?}")));
        let (mut engine, begun) = timed(|| Engine::new(Rc::clone(&form), host.clone()));
        let find = |name: &str| form.node(name).unwrap_or_else(|| panic!("{name}"));
        let (leaf, head, kind) = (find("q7"), find("q20"), find("kind"));
        let mut set = |node, values: [&str; 2], times: u32| {
            let (changes, took) =
                timed(|| (0..times).map(|time| engine.set(node, ROOT, values[time as usize % 2]).map_or(0, |changes| changes.len())).max());
            (changes.unwrap_or(0), took / times)
        };
        println!("{questions} questions: compile {compiled:?}, begin {begun:?}");
        println!("  an answer that nothing depends on: {:?}", set(leaf, ["yes", "no"], 10_000));
        println!("  an answer that 19 depend on:       {:?}", set(head, ["yes", "no"], 2_000));
        println!("  the answer that all depend on:     {:?}", set(kind, ["elevator", "boiler"], 50));
    }
}
