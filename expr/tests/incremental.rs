//! Change by change comes out as from scratch: random forms, random edits.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::prelude::*;
use spotcheck_expr::{
    Change, Engine, Form, FormDef, Host, InstanceId, Kind, ListDef, Names, NodeDef, NodeId, Now, Piece, Preset, ROOT, Role, What,
};

const NOW: Now = Now { utc_ms: 1_709_255_107_250, offset_min: 480, names: &Names::ENGLISH };

/// Random numbers that proptest makes smaller when a case fails.
struct Draw(std::vec::IntoIter<u16>);

impl Draw {
    /// Below `limit`; 0 once the numbers are used up.
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % limit.max(1)
    }

    fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == odds - 1
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// `#` is a node, `@` a repeat.
const TEXTS: [&str; 14] = [
    "concat(${#}, ${#})",
    "${#} + ${#}",
    "sum(${#})",
    "count(${#})",
    "join(',', ${#})",
    "count-non-empty(${#})",
    "if(${#} = 1, ${#}, 'n')",
    "indexed-repeat(${#}, ${@}, ${#})",
    "indexed-repeat(${#}, ${@}, position(..) - 1)",
    "concat(position(..), '-', position(../..), '-', index())",
    "sum(../../@/#)",
    "concat(position(${@}), ${#})",
    "once(${#})",
    "instance('l')/root/item[name = ${#}]/col",
];

const CONDITIONS: [&str; 8] = [
    "${#} = 1",
    "${#} != ''",
    "sum(${#}) > 1",
    "count(${@}) > 1",
    "position(..) mod 2 = 1",
    "${#} = ${#}",
    "selected(${#}, '2')",
    "indexed-repeat(${#}, ${@}, 1) = 1",
];

fn fill(template: &str, names: &[String], repeats: &[String], draw: &mut Draw) -> String {
    let mut out = String::new();
    for c in template.chars() {
        match c {
            '#' => out.push_str(&names[draw.below(names.len())]),
            '@' if repeats.is_empty() => out.push_str("none"),
            '@' => out.push_str(&repeats[draw.below(repeats.len())]),
            c => out.push(c),
        }
    }
    out
}

fn random_form(draw: &mut Draw) -> Form {
    let mut nodes: Vec<NodeDef> = Vec::new();
    for index in 0..3 + draw.below(12) {
        let kind = [Kind::Question, Kind::Question, Kind::Question, Kind::Repeat, Kind::Group][draw.below(5)];
        let holders: Vec<usize> = (0..index).filter(|&other| nodes[other].kind != Kind::Question).collect();
        let parent = match draw.below(holders.len() + 1) {
            0 => None,
            at => Some(holders[at - 1]),
        };
        nodes.push(NodeDef::new(&format!("n{index}"), kind, parent));
    }
    let names: Vec<String> = nodes.iter().map(|node| node.name.clone()).collect();
    let repeats: Vec<String> = nodes.iter().filter(|node| node.kind == Kind::Repeat).map(|node| node.name.clone()).collect();
    for node in &mut nodes {
        let text = |draw: &mut Draw, odds, from: &[&str]| {
            draw.one_in(odds).then(|| {
                let template = draw.pick(from);
                fill(template, &names, &repeats, draw)
            })
        };
        node.relevant = text(draw, 3, &CONDITIONS);
        match node.kind {
            Kind::Question => {
                node.calculate = text(draw, 3, &TEXTS);
                node.required = text(draw, 5, &CONDITIONS);
                node.readonly = text(draw, 6, &CONDITIONS);
                node.constraint = text(draw, 4, &[". != ${#}", ". = 1 or ${#} = 1", "position(..) < 2"]);
                node.preset = text(draw, 6, &["1", "x"]).map(Preset::Text);
                if node.preset.is_none() {
                    node.preset = text(draw, 6, &TEXTS).map(Preset::Expr);
                }
                node.texts = text(draw, 3, &["${#}的${#}", "${#} in ${@}, ${nothing}"]).into_iter().collect();
                node.list = Some("l".to_owned());
                node.choice_filter = text(draw, 5, &["col = ${#}", "${#} = name or count(${#}) = 1"]);
            }
            Kind::Repeat => {
                node.count = text(draw, 4, &["${#}", "sum(${#})", "count(${@})"]);
                node.initial = draw.below(3) as u32;
            }
            Kind::Group => {}
        }
    }
    let rows = [["1", "2"], ["2", "1"], ["x", ""]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
    let lists = vec![ListDef { name: "l".to_owned(), columns: vec!["name".to_owned(), "col".to_owned()], rows }];
    // What is refused (cycles above all) is left out, until the rest stands.
    loop {
        match Form::compile(FormDef { nodes: nodes.clone(), lists: lists.clone() }) {
            Ok(form) => return form,
            Err(errors) => {
                for error in errors {
                    let node = &mut nodes[error.node.0 as usize];
                    match error.role.unwrap() {
                        Role::Relevant => node.relevant = None,
                        Role::Calculate => node.calculate = None,
                        Role::Constraint => node.constraint = None,
                        Role::Required => node.required = None,
                        Role::Readonly => node.readonly = None,
                        Role::Filter => node.choice_filter = None,
                        Role::Preset => node.preset = None,
                        Role::Count => node.count = None,
                        Role::Mention => panic!("a text is never refused"),
                    }
                }
            }
        }
    }
}

/// Everything that can be seen of a node in an instance.
type Seen = (String, bool, bool, bool, bool, Option<Vec<u32>>, String);

fn seen(engine: &Engine, node: NodeId, instance: InstanceId) -> Seen {
    (
        engine.value(node, instance).to_owned(),
        engine.is_relevant(node, instance),
        engine.is_valid(node, instance),
        engine.is_required(node, instance),
        engine.is_readonly(node, instance),
        engine.choices(node, instance).map(<[u32]>::to_vec),
        words(engine, node, instance),
    )
}

fn words(engine: &Engine, node: NodeId, instance: InstanceId) -> String {
    let shown = |piece: &Piece| match piece {
        Piece::Plain(text) => text.to_string(),
        Piece::Mention(mention) => engine.mention(node, instance, *mention).to_owned(),
    };
    engine.form().texts(node).iter().flatten().map(shown).collect::<Vec<_>>().join("|")
}

/// The positions of an instance and of those around it, outermost first.
fn path(engine: &Engine, instance: InstanceId) -> Vec<(NodeId, usize)> {
    let mut path = Vec::new();
    let mut at = instance;
    while let Some((repeat, around)) = engine.around(at) {
        path.insert(0, (repeat, engine.position(at).unwrap()));
        at = around;
    }
    path
}

fn find(engine: &Engine, path: &[(NodeId, usize)]) -> Option<InstanceId> {
    path.iter().try_fold(ROOT, |around, &(repeat, index)| engine.instances(repeat, around).get(index).copied())
}

fn cells(engine: &Engine) -> Vec<(NodeId, InstanceId)> {
    let mut cells = Vec::new();
    engine.each_cell(&mut |node, instance| cells.push((node, instance)));
    cells
}

fn state(engine: &Engine) -> BTreeMap<(Vec<(NodeId, usize)>, NodeId), Seen> {
    cells(engine).into_iter().map(|(node, instance)| ((path(engine, instance), node), seen(engine, node, instance))).collect()
}

fn by_instance(engine: &Engine) -> BTreeMap<(InstanceId, NodeId), Seen> {
    cells(engine).into_iter().map(|(node, instance)| ((instance, node), seen(engine, node, instance))).collect()
}

fn host() -> Host {
    Host { now: NOW, seed: [3, 4], label_column: "label".to_owned() }
}

/// A new engine with the same instances and answers, filled in document order.
fn rebuilt(form: &Rc<Form>, model: &Engine) -> Engine {
    let mut engine = Engine::bare(Rc::clone(form), host());
    // Counted instances come with the answers that they depend on, which may stand in others.
    for _ in 0..12 {
        for (node, instance) in cells(model) {
            let Some(twin) = find(&engine, &path(model, instance)) else { continue };
            if form.kind(node) == Kind::Question {
                engine.set(node, twin, model.value(node, instance)).unwrap();
            } else if form.kind(node) == Kind::Repeat && form.expr(node, Role::Count).is_none() {
                let wanted = model.instances(node, instance).len();
                while engine.instances(node, twin).len() > wanted {
                    engine.remove(*engine.instances(node, twin).last().unwrap()).unwrap();
                }
                while engine.instances(node, twin).len() < wanted {
                    engine.restore(node, twin).unwrap();
                }
            }
        }
    }
    engine
}

fn edit(engine: &mut Engine, draw: &mut Draw) -> Vec<Change> {
    let cells = cells(engine);
    let (node, instance) = cells[draw.below(cells.len())];
    if engine.form().kind(node) != Kind::Repeat {
        let value = draw.pick(&["1", "2", "", "x", "1 2"]);
        return engine.set(node, instance, value).unwrap_or_default();
    }
    let instances = engine.instances(node, instance).to_vec();
    if instances.len() > 3 || draw.one_in(3) && !instances.is_empty() {
        engine.remove(instances[draw.below(instances.len())]).unwrap_or_default()
    } else {
        engine.add(node, instance).map(|(_, changes)| changes).unwrap_or_default()
    }
}

/// What was told is what has changed, of the cells that were there before and after.
fn check_changes(before: &Engine, after: &Engine, changes: &[Change]) -> Result<(), TestCaseError> {
    let (old, new) = (by_instance(before), by_instance(after));
    let mut found = BTreeSet::new();
    for (&(instance, node), now) in &new {
        let Some(then) = old.get(&(instance, node)) else { continue };
        let differs = [
            (then.0 != now.0, What::Value),
            (then.1 != now.1, What::Relevance),
            (then.2 != now.2, What::Validity),
            (then.3 != now.3, What::Required),
            (then.4 != now.4, What::Readonly),
            (then.5 != now.5, What::Choices),
            (then.6 != now.6, What::Mention),
        ];
        found.extend(differs.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| Change { instance, node, what }));
    }
    let kept = |change: &&Change| old.contains_key(&(change.instance, change.node)) && new.contains_key(&(change.instance, change.node));
    let told: BTreeSet<Change> = changes.iter().filter(kept).copied().collect();
    prop_assert!(found.is_subset(&told), "not told: {:?}", found.difference(&told).collect::<Vec<_>>());
    // An answer that its calculation has put back is told, so that the screen can show it.
    let idle: Vec<_> = told.difference(&found).filter(|change| change.what != What::Value).collect();
    prop_assert!(idle.is_empty(), "told but the same: {idle:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn change_by_change_comes_out_as_from_scratch(numbers in prop::collection::vec(any::<u16>(), 60..400)) {
        let mut draw = Draw(numbers.into_iter());
        let form = Rc::new(random_form(&mut draw));
        let mut engine = Engine::new(Rc::clone(&form), host());
        prop_assert_eq!(engine.recompute(), []);
        while draw.0.len() > 0 {
            let before = engine.clone();
            let changes = edit(&mut engine, &mut draw);
            check_changes(&before, &engine, &changes)?;
            let missed = engine.clone().recompute();
            prop_assert!(missed.is_empty(), "not evaluated again: {:?}", missed);
            prop_assert_eq!(state(&rebuilt(&form, &engine)), state(&engine));
        }
    }
}
