//! Forms: what follows from an answer, and which forms are refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::rc::Rc;

use spotcheck_expr::{
    EditError, Engine, Expr, Form, FormDef, FormError, Host, InstanceId, Kind, ListDef, MAX_COUNTED, MAX_INSTANCES, MAX_TEXT, Names,
    NodeDef, NodeId, Now, Piece, Preset, Problem, ROOT, Role, What,
};

const NOW: Now = Now { utc_ms: 1_709_255_107_250, offset_min: 480, names: &Names::CHINESE };

fn host() -> Host {
    Host { now: NOW, seed: [1, 2], label_column: "label::中文".to_owned() }
}

/// A form in lines: `group g`, `repeat r`, `end`, or a question's name; then `key: expression` separated by `;`.
fn form(text: &str) -> FormDef {
    let mut def = FormDef { nodes: Vec::new(), lists: vec![cities()] };
    let mut open = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.split(';').map(str::trim);
        let head = parts.next().unwrap();
        let (kind, name) = match head.split_once(' ') {
            Some(("group", name)) => (Kind::Group, name),
            Some(("repeat", name)) => (Kind::Repeat, name),
            _ => (Kind::Question, head),
        };
        if name == "end" {
            open.pop();
            continue;
        }
        let mut node = NodeDef::new(name, kind, open.last().copied());
        for part in parts {
            let (key, value) = part.split_once(':').unwrap();
            let text = value.trim();
            let value = Some(text.to_owned());
            match key {
                "relevant" => node.relevant = value,
                "constraint" => node.constraint = value,
                "calculate" => node.calculate = value,
                "required" => node.required = value,
                "readonly" => node.readonly = value,
                "filter" => node.choice_filter = value,
                "count" => node.count = value,
                "list" => node.list = value,
                "preset" => node.preset = value.map(Preset::Text),
                "begin" => node.preset = value.map(Preset::Expr),
                "text" => node.texts.push(text.to_owned()),
                "initial" => node.initial = text.parse().unwrap(),
                other => panic!("{other}"),
            }
        }
        if kind != Kind::Question {
            open.push(def.nodes.len());
        }
        def.nodes.push(node);
    }
    def
}

fn cities() -> ListDef {
    let rows = [["fz", "Fuzhou", "福州", "fj"], ["xm", "Xiamen", "厦门", "fj"], ["gz", "Guangzhou", "", "gd"]];
    ListDef {
        name: "cities".to_owned(),
        columns: ["name", "label", "label::中文", "province"].map(str::to_owned).to_vec(),
        rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
    }
}

/// A form with instances named by their positions: `r[2]`, `r[1]/s[1]`.
struct Filled(Engine);

fn begin(text: &str) -> Filled {
    Filled(Engine::new(Rc::new(compile(text).unwrap_or_else(|errors| panic!("{errors:?}"))), host()))
}

fn compile(text: &str) -> Result<Form, Vec<FormError>> {
    Form::compile(form(text))
}

impl Filled {
    #[track_caller]
    fn node(&self, name: &str) -> NodeId {
        self.0.form().node(name).unwrap()
    }

    /// `name`, or `r[2]/name` with instances counted from 1.
    #[track_caller]
    fn at(&self, path: &str) -> (NodeId, InstanceId) {
        let (around, name) = path.rsplit_once('/').unwrap_or(("", path));
        (self.node(name), self.instance(around))
    }

    #[track_caller]
    fn instance(&self, path: &str) -> InstanceId {
        path.split('/').filter(|step| !step.is_empty()).fold(ROOT, |around, step| {
            let (repeat, index) = step.trim_end_matches(']').split_once('[').unwrap();
            self.0.instances(self.node(repeat), around)[index.parse::<usize>().unwrap() - 1]
        })
    }

    /// Enters an answer; yields what changed, as `name:What`.
    #[track_caller]
    fn set(&mut self, path: &str, value: &str) -> String {
        let (node, instance) = self.at(path);
        let changes = self.0.set(node, instance, value).unwrap();
        self.written(&changes)
    }

    #[track_caller]
    fn add(&mut self, repeat: &str) -> String {
        let (repeat, around) = self.at(repeat);
        let (_, changes) = self.0.add(repeat, around).unwrap();
        self.written(&changes)
    }

    #[track_caller]
    fn remove(&mut self, instance: &str) -> String {
        let changes = self.0.remove(self.instance(instance)).unwrap();
        self.written(&changes)
    }

    fn written(&self, changes: &[spotcheck_expr::Change]) -> String {
        let mut all: Vec<String> = changes.iter().map(|change| format!("{}:{:?}", self.0.form().name(change.node), change.what)).collect();
        all.dedup();
        all.join(" ")
    }

    #[track_caller]
    fn check(&self, path: &str, value: &str) {
        let (node, instance) = self.at(path);
        assert_eq!(self.0.value(node, instance), value, "{path}");
    }

    #[track_caller]
    fn check_relevant(&self, path: &str, expected: bool) {
        let (node, instance) = self.at(path);
        assert_eq!(self.0.is_relevant(node, instance), expected, "{path}");
    }

    #[track_caller]
    fn check_valid(&self, path: &str, expected: bool) {
        let (node, instance) = self.at(path);
        assert_eq!(self.0.is_valid(node, instance), expected, "{path}");
    }
}

#[test]
fn a_calculation_follows_its_answers() {
    let mut form = begin("a\n b\n sum; calculate: ${a} + ${b}\n twice; calculate: ${sum} * 2");
    form.check("sum", "");
    assert_eq!(form.set("a", "1"), "a:Value");
    assert_eq!(form.set("b", "2"), "b:Value sum:Value twice:Value");
    form.check("sum", "3");
    form.check("twice", "6");
    assert_eq!(form.set("b", "2"), "");
    assert_eq!(form.set("b", "2.0"), "b:Value");
}

#[test]
fn a_calculated_answer_cannot_be_overwritten() {
    let mut form = begin("a\n b; calculate: ${a}");
    form.set("a", "1");
    form.set("b", "9");
    form.check("b", "1");
}

#[test]
fn relevance_hides_but_keeps() {
    let mut form = begin("a\n b; relevant: ${a} = 'x'\n c; calculate: concat('b is ', ${b})");
    form.set("a", "x");
    form.set("b", "1");
    form.check("c", "b is 1");
    assert_eq!(form.set("a", "y"), "a:Value b:Relevance c:Value");
    form.check_relevant("b", false);
    form.check("b", "1");
    form.check("c", "b is ");
    form.set("a", "x");
    form.check("c", "b is 1");
}

#[test]
fn relevance_is_inherited() {
    let mut form = begin(
        "a
         group g; relevant: ${a} = 1
           b
           group h; relevant: ${b} = 1
             c
           end
           group plain
             d
           end
         end
         count; calculate: count-non-empty(${b} | ${c} | ${d})",
    );
    for name in ["b", "c", "d"] {
        form.set(name, "1");
        form.check_relevant(name, false);
    }
    form.check("count", "0");
    form.set("a", "1");
    form.check("count", "3");
    assert_eq!(form.set("b", "2"), "b:Value h:Relevance c:Relevance count:Value");
    form.check_relevant("c", false);
    form.check_relevant("d", true);
    form.check("count", "2");
    assert_eq!(form.set("a", ""), "a:Value g:Relevance b:Relevance plain:Relevance d:Relevance count:Value");
}

#[test]
fn constraints_wait_for_an_answer() {
    let mut form = begin("limit\n a; constraint: . <= ${limit} and . > 0; relevant: ${limit} != 'none'");
    form.check_valid("a", true);
    form.set("limit", "5");
    assert_eq!(form.set("a", "9"), "a:Value a:Validity");
    form.check_valid("a", false);
    assert_eq!(form.set("limit", "10"), "limit:Value a:Validity");
    form.set("limit", "1");
    form.check_valid("a", false);
    form.set("limit", "none");
    form.check_valid("a", true);
    form.set("limit", "1");
    assert_eq!(form.set("a", ""), "a:Value a:Validity");
}

#[test]
fn required_and_readonly() {
    let mut form = begin("a\n b; required: ${a} = 'x'; readonly: ${a} = 'y'");
    let (b, root) = form.at("b");
    assert!(!form.0.is_required(b, root));
    assert_eq!(form.set("a", "x"), "a:Value b:Required");
    assert!(form.0.is_required(b, root));
    assert_eq!(form.set("a", "y"), "a:Value b:Required b:Readonly");
    assert!(form.0.is_readonly(b, root));
}

#[test]
fn choices_are_filtered_and_named() {
    let mut form = begin(
        "province
         city; list: cities; filter: province = ${province} or ${province} = ''
         name; calculate: jr:choice-name(${city}, '${city}')
         found; calculate: instance('cities')/root/item[name = ${city}]/province
         same; calculate: count(instance('cities')/root/item[province = ${province}])",
    );
    let (city, root) = form.at("city");
    assert_eq!(form.0.choices(city, root), Some(&[0, 1, 2][..]));
    assert_eq!(form.set("province", "fj"), "province:Value city:Choices same:Value");
    assert_eq!(form.0.choices(city, root), Some(&[0, 1][..]));
    form.check("same", "2");
    form.set("city", "xm");
    form.check("name", "厦门");
    form.check("found", "fj");
    form.set("city", "gz");
    form.check("name", "Guangzhou");
    form.set("city", "none");
    form.check("name", "");
}

#[test]
fn presets_are_set_once() {
    let mut form = begin("a; preset: 5\n b; begin: ${a} + ${c}\n c; calculate: ${a} * 2\n d; begin: today()");
    form.check("a", "5");
    form.check("b", "15");
    form.check("d", "2024-03-01");
    form.set("a", "6");
    form.check("b", "15");
    form.set("b", "");
    form.set("a", "7");
    form.check("b", "");
}

#[test]
fn once_keeps_the_first_value() {
    let mut form = begin("a\n first; calculate: once(${a})");
    form.check("first", "");
    form.set("a", "1");
    form.check("first", "1");
    form.set("a", "2");
    form.check("first", "1");
    form.set("first", "mine");
    form.check("first", "mine");
    form.set("first", "");
    form.check("first", "2");
}

#[test]
fn siblings_inside_a_set_outside() {
    let mut form = begin(
        "repeat r
           price; preset: 2
           number
           cost; calculate: ${price} * ${number}
           share; calculate: ${cost} div ${total}
         end
         total; calculate: sum(${cost})
         count; calculate: count(${r})
         all; calculate: join(' ', ${number})",
    );
    form.set("r[1]/number", "3");
    form.check("r[1]/cost", "6");
    form.check("total", "6");
    form.add("r");
    form.check("count", "2");
    form.check("total", "");
    form.set("r[2]/number", "1");
    form.check("total", "8");
    form.check("r[1]/share", "0.75");
    form.check("r[2]/share", "0.25");
    form.check("all", "3 1");
    form.remove("r[1]");
    form.check("total", "2");
    form.check("r[1]/share", "1");
    form.check("count", "1");
    form.remove("r[1]");
    form.check("total", "0");
    form.check("all", "");
}

#[test]
fn positions_follow_removal() {
    let mut form = begin(
        "repeat r
           n; calculate: position(..)
           group g
             m; calculate: concat(position(..), '/', position(../..), '/', index(), '/', position(${r}))
           end
           repeat s
             k; calculate: concat(position(../..), '.', position(..))
           end
         end",
    );
    form.add("r");
    form.add("r");
    form.add("r[3]/s");
    form.check("r[3]/n", "3");
    form.check("r[3]/m", "1/3/3/3");
    form.check("r[3]/s[2]/k", "3.2");
    let changed = form.remove("r[1]");
    assert!(changed.contains("n:Value") && changed.contains("k:Value"), "{changed}");
    form.check("r[2]/n", "2");
    form.check("r[2]/m", "1/2/2/2");
    form.check("r[2]/s[2]/k", "2.2");
    form.remove("r[2]/s[1]");
    form.check("r[2]/s[1]/k", "2.1");
}

#[test]
fn indexed_repeats() {
    let mut form = begin(
        "which
         repeat r
           a
           before; calculate: indexed-repeat(${a}, ${r}, position(..) - 1)
           repeat s
             b
           end
         end
         picked; calculate: indexed-repeat(${a}, ${r}, ${which})
         deep; calculate: indexed-repeat(${b}, ${r}, 2, ${s}, 1)",
    );
    form.add("r");
    form.set("r[1]/a", "one");
    form.set("r[2]/a", "two");
    form.set("r[2]/s[1]/b", "inner");
    form.check("r[1]/before", "");
    form.check("r[2]/before", "one");
    form.check("deep", "inner");
    for (which, picked) in [("1", "one"), ("2", "two"), ("3", ""), ("0", ""), ("x", ""), ("1.9", "one")] {
        form.set("which", which);
        form.check("picked", picked);
    }
    form.set("which", "1");
    form.remove("r[1]");
    form.check("picked", "two");
    form.check("r[1]/before", "");
    form.check("deep", "");
}

#[test]
fn all_instances_from_inside_by_a_path() {
    let mut form = begin("repeat r\n a\n own; calculate: sum(${a})\n all; calculate: sum(../../r/a)\n n; calculate: count(${r})\n end");
    form.add("r");
    form.set("r[1]/a", "1");
    form.set("r[2]/a", "2");
    for instance in ["r[1]", "r[2]"] {
        form.check(&format!("{instance}/all"), "3");
        form.check(&format!("{instance}/n"), "2");
    }
    form.check("r[2]/own", "2");
    form.remove("r[1]");
    form.check("r[1]/all", "2");
    form.check("r[1]/n", "1");
}

#[test]
fn nested_repeats_share_what_is_around_them() {
    let mut form = begin(
        "repeat r
           a
           repeat s
             b
             both; calculate: concat(${a}, ${b})
           end
           inside; calculate: join(',', ${b})
         end
         outside; calculate: join(',', ${b})",
    );
    form.add("r");
    form.add("r[1]/s");
    form.set("r[1]/s[1]/b", "1");
    form.set("r[1]/s[2]/b", "2");
    form.set("r[2]/s[1]/b", "3");
    form.set("r[2]/a", "x");
    form.check("r[2]/s[1]/both", "x3");
    form.check("r[1]/inside", "1,2");
    form.check("outside", "1,2,3");
    form.remove("r[1]");
    form.check("outside", "3");
}

#[test]
fn a_computed_number_of_instances_keeps_what_it_hides() {
    let mut form = begin(
        "n\n repeat r; count: ${n}\n a\n p; calculate: position(..)\n end\n all; calculate: join(',', ${a})\n c; calculate: count(${r})",
    );
    form.check("c", "0");
    form.set("n", "2");
    form.set("r[1]/a", "x");
    form.set("r[2]/a", "y");
    form.check("all", "x,y");
    form.set("n", "1");
    form.check("all", "x");
    form.check("c", "1");
    form.set("n", "3");
    form.check("all", "x,y,");
    form.check("r[3]/p", "3");
    form.set("n", "many");
    form.check("c", "0");
    form.set("n", "-1");
    form.check("c", "0");
    let (repeat, root) = form.at("r");
    assert_eq!(form.0.add(repeat, root).err(), Some(EditError::Counted));
}

#[test]
fn hidden_instances_do_not_count() {
    let mut form = begin(
        "show
         repeat r
           want
           a; relevant: ${want} = 1
         end
         repeat q; relevant: ${show} = 1
           b
         end
         all; calculate: join(',', ${a})
         many; calculate: count(${q})
         bs; calculate: count(${b})",
    );
    form.add("r");
    form.set("r[1]/a", "x");
    form.set("r[2]/a", "y");
    form.check("all", "");
    form.set("r[2]/want", "1");
    form.check("all", "y");
    form.check("many", "0");
    form.check("bs", "0");
    assert!(form.set("show", "1").contains("b:Relevance"));
    form.check("many", "1");
    form.check("bs", "1");
}

#[test]
fn time_passes() {
    let mut form = begin("a\n late; calculate: today() > '2024-03-01'\n t; calculate: now()\n other; calculate: ${a}");
    form.check("late", "false");
    let changes = form.0.set_now(Now { utc_ms: NOW.utc_ms + 86_400_000, ..NOW });
    assert_eq!(form.written(&changes), "late:Value t:Value");
    form.check("late", "true");
}

#[test]
fn chance() {
    let form = begin("a; calculate: once(random())\n b; calculate: once(uuid())\n c; calculate: once(uuid())");
    let (a, root) = form.at("a");
    let number: f64 = form.0.value(a, root).parse().unwrap();
    assert!((0.0..1.0).contains(&number));
    let (b, c) = (form.0.value(form.node("b"), ROOT), form.0.value(form.node("c"), ROOT));
    assert!(b != c && b.len() == 36 && b.chars().nth(14) == Some('4') && b.chars().filter(|&c| c == '-').count() == 4, "{b}");
}

#[test]
fn restoring_does_not_preset() {
    let text = "n; preset: 1\n day; calculate: once(today())\n repeat r\n a; preset: x\n end";
    let form = Rc::new(compile(text).unwrap());
    let mut engine = Engine::bare(Rc::clone(&form), host());
    let (n, day, r, a) = (form.node("n").unwrap(), form.node("day").unwrap(), form.node("r").unwrap(), form.node("a").unwrap());
    assert_eq!(engine.value(n, ROOT), "");
    assert!(engine.instances(r, ROOT).is_empty());
    let (instance, _) = engine.restore(r, ROOT).unwrap();
    assert_eq!(engine.value(a, instance), "");
    engine.set_all(&[(day, ROOT, "2020-01-01"), (a, instance, "kept")]).unwrap();
    assert_eq!(engine.value(day, ROOT), "2020-01-01");
    let (second, _) = engine.add(r, ROOT).unwrap();
    assert_eq!(engine.value(a, second), "x");
}

#[test]
fn refused_edits() {
    let mut form = begin("a\n group g\n b\n end\n repeat r\n c\n end");
    let (a, root) = form.at("a");
    let inside = form.instance("r[1]");
    let (g, r, c) = (form.node("g"), form.node("r"), form.node("c"));
    assert_eq!(form.0.set(a, inside, "1"), Err(EditError::NoInstance));
    assert_eq!(form.0.set(c, root, "1"), Err(EditError::NoInstance));
    assert_eq!(form.0.set(g, root, "1"), Err(EditError::NoValue));
    assert_eq!(form.0.set(NodeId(99), root, "1"), Err(EditError::NoNode));
    assert_eq!(form.0.add(a, root).err(), Some(EditError::NoRepeat));
    assert_eq!(form.0.add(r, inside).err(), Some(EditError::NoInstance));
    assert_eq!(form.0.remove(root), Err(EditError::NoRepeat));
    form.0.remove(inside).unwrap();
    assert_eq!(form.0.remove(inside), Err(EditError::NoInstance));
    assert_eq!(form.0.set(c, inside, "1"), Err(EditError::NoInstance));
    assert_eq!(form.0.value(c, inside), "");
    // One bad answer among good ones: none is entered.
    assert!(form.0.set_all(&[(a, root, "1"), (g, root, "1")]).is_err());
    form.check("a", "");
}

#[test]
fn further_expressions_see_the_form() {
    let mut form = begin("a\n repeat r\n b\n end");
    form.set("a", "1");
    form.set("r[1]/b", "2");
    let (b, inside) = form.at("r[1]/b");
    let evaluate = |text: &str, node, instance| {
        let bound = form.0.form().bind(Expr::parse(text).unwrap(), node).unwrap();
        form.0.evaluate(&bound, instance).into_text()
    };
    assert_eq!(evaluate("concat(${a}, ${b}, .)", b, inside), "122");
    assert_eq!(evaluate("concat(${a}, ${b}, .)", b, ROOT), "");
    let wrong = form.0.form().bind(Expr::parse("${x} + y").unwrap(), b).unwrap_err();
    assert!(matches!(wrong[..], [Problem::UnknownName { .. }, Problem::BareName { .. }]));
}

// What is refused

#[track_caller]
fn check_cycle(text: &str, path: &str) {
    let errors = compile(text).map(|_| ()).unwrap_err();
    match errors.as_slice() {
        [FormError { problem: problem @ Problem::Cycle(_), .. }] => assert_eq!(problem.to_string(), format!("depends on itself: {path}")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn cycles_are_refused_with_their_path() {
    check_cycle("a; calculate: ${a}", "a → a");
    check_cycle("a; calculate: ${b}\n b; calculate: ${c}\n c; calculate: ${a} + 1", "a → b → c → a");
    check_cycle("x; calculate: ${a}\n a; calculate: ${b}\n b; calculate: ${a}", "a → b → a");
    check_cycle("a; relevant: ${b} = 1\n b; relevant: ${a} = 1", "a → b → a");
    check_cycle("a; relevant: ${a} = 1", "a → a");
    check_cycle("group g; relevant: ${a} = 1\n a\n end", "g → g");
    check_cycle("group g; relevant: ${b} = 1\n a\n end\n b; calculate: ${a}", "g → b → g");
    check_cycle("repeat r; count: ${total}\n a\n end\n total; calculate: sum(${a})", "r → total → r");
    check_cycle("repeat r\n a; calculate: indexed-repeat(${a}, ${r}, 1)\n end", "a → a");
    check_cycle("group g; relevant: ${x} = 1\n group h; relevant: ${y} = 1\n a\n end\n end\n y\n x; calculate: ${a}", "g → x → h → g");
    check_cycle("a; begin: ${b}\n b; begin: ${a}", "a → b → a");
}

#[test]
fn what_only_looks_like_a_cycle() {
    for text in [
        "a; constraint: . > ${b}\n b; constraint: . < ${a}",
        "a; required: ${b} = ''\n b; required: ${a} = ''",
        "a; calculate: once(. + 1)",
        "a; relevant: ${b} = 1\n b; constraint: ${a} = 1",
        "a; calculate: ${b}\n b; required: ${a} = 1; readonly: ${b} = 1",
        "a; list: cities; calculate: jr:choice-name('fz', '${a}')",
        "group g; relevant: ${b} = 1\n a\n end\n b",
    ] {
        assert!(compile(text).is_ok(), "{text}");
    }
}

#[track_caller]
fn check_refused(text: &str, node: &str, role: Option<Role>, problem: &str) {
    let errors = compile(text).map(|_| ()).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.name.as_str(), error.role, error.problem.to_string())).collect();
    assert_eq!(found, [(node, role, problem.to_owned())]);
}

#[test]
fn references_that_lead_nowhere() {
    check_refused("age\n b; relevant: ${aeg} > 1", "b", Some(Role::Relevant), "nothing is called `aeg` (character 1)");
    check_refused("b; calculate: 1 + ${x}", "b", Some(Role::Calculate), "nothing is called `x` (character 5)");
    check_refused(
        "group g\n a\n end\n group h\n a\n end\n b; calculate: ${a}",
        "b",
        Some(Role::Calculate),
        "more than one node is called `a` (character 1)",
    );
    check_refused("b; calculate: instance('x')/root/item/a", "b", Some(Role::Calculate), "no list is called `x` (character 10)");
    check_refused(
        "b; calculate: instance('cities')/root/item[x = 1]/label",
        "b",
        Some(Role::Calculate),
        "the list `cities` has no column `x` (character 30)",
    );
    check_refused(
        "b; list: cities; filter: prvince = 'fj'",
        "b",
        Some(Role::Filter),
        "the list `cities` has no column `prvince` (character 1)",
    );
    check_refused("a\n b; relevant: a = 1", "b", Some(Role::Relevant), "`a` at character 1 stands without `${}`");
    check_refused("a\n b; calculate: position(${a})", "b", Some(Role::Calculate), "`a` at character 10 is not a repeat around it");
    check_refused(
        "a\n repeat r\n c\n end\n b; calculate: indexed-repeat(${a}, ${r}, 1)",
        "b",
        Some(Role::Calculate),
        "`r` at character 16 is not a repeat around it",
    );
    check_refused("a\n b; calculate: jr:choice-name('x', '${a}')", "b", Some(Role::Calculate), "`a` at character 21 has no choices");
    check_refused("b; list: towns", "b", None, "no list is called `towns` (character 1)");
    check_refused("b; filter: true()", "b", Some(Role::Filter), "`b` at character 1 has no choices");
    check_refused("b; calculate: 1 +", "b", Some(Role::Calculate), "found `` at character 4 where Operand was expected");
    check_refused("group g; calculate: 1\n end", "g", Some(Role::Calculate), "does not belong to this kind of node");
    check_refused("a; count: 1", "a", Some(Role::Count), "does not belong to this kind of node");
    check_refused("1a", "1a", None, "`1a` is not a name");
}

#[test]
fn similar_names_are_offered() {
    let errors = compile("inspection_date\n b; relevant: ${inspection_dat} = 1").map(|_| ()).unwrap_err();
    assert!(matches!(&errors[0].problem, Problem::UnknownName { nearest: Some(nearest), .. } if nearest == "inspection_date"));
}

#[test]
fn all_errors_are_told_at_once() {
    let errors = compile("a; relevant: ${x}; constraint: (\n b; calculate: ${y}").map(|_| ()).unwrap_err();
    assert_eq!(errors.len(), 3);
}

#[test]
fn odd_structures_are_refused() {
    let question = NodeDef::new("q", Kind::Question, None);
    let child = |parent| NodeDef::new("c", Kind::Question, Some(parent));
    for nodes in [vec![question.clone(), child(0)], vec![question.clone(), child(1)], vec![child(5)]] {
        let errors = Form::compile(FormDef { nodes, lists: Vec::new() }).map(|_| ()).unwrap_err();
        assert_eq!(errors[0].problem, Problem::Parent);
    }
    let nested = (0..40).map(|index| NodeDef::new(&format!("r{index}"), Kind::Repeat, usize::checked_sub(index, 1))).collect();
    let errors = Form::compile(FormDef { nodes: nested, lists: Vec::new() }).map(|_| ()).unwrap_err();
    assert!(matches!(errors[0].problem, Problem::TooDeep { .. }));
}

#[test]
fn too_many_instances_are_refused() {
    let mut form = begin("repeat s\n b\n end");
    let (s, root) = form.at("s");
    assert!((0..MAX_INSTANCES).any(|_| form.0.add(s, root).is_err()));
    assert_eq!(form.0.add(s, root).err(), Some(EditError::Full));
    assert!(form.0.instances(s, root).len() <= MAX_INSTANCES);
}

#[test]
fn a_number_that_is_no_number_of_instances_makes_few() {
    let mut form = begin("n\n repeat r; count: ${n}\n a\n end\n c; calculate: count(${r})");
    for (n, expected) in
        [("20261124", MAX_COUNTED), ("3", 3), ("13800000000", MAX_COUNTED), ("1", 1), ("200", 200), ("199", 199), ("201", MAX_COUNTED)]
    {
        form.set("n", n);
        form.check("c", &expected.to_string());
    }
    form.set("r[3]/a", "kept");
    form.set("n", "2");
    form.set("n", "20261124");
    form.check("r[3]/a", "kept");
}

#[test]
fn a_count_beyond_the_limit_says_how_many_were_asked_for() {
    let mut form = begin("n\n repeat r; count: ${n}\n a\n end\n repeat by_hand\n b\n end");
    let (r, root) = form.at("r");
    for (n, expected) in
        [("200", None), ("201", Some(201)), ("300", Some(300)), ("3", None), ("1e99", None), ("13800000000", Some(13_800_000_000))]
    {
        let before = form.0.asked_beyond(r, root);
        let changes = form.0.set(form.node("n"), root, n).unwrap();
        assert_eq!(form.0.asked_beyond(r, root), expected, "{n}");
        let said = changes.iter().any(|change| (change.node, change.instance, change.what) == (r, root, What::Asked));
        assert_eq!(said, before != expected, "{n}");
    }
    assert_eq!(form.0.asked_beyond(form.at("by_hand").0, root), None);
}

#[test]
fn texts_that_double_again_and_again_stay_short() {
    for double in [
        "concat(@, @, 'abcdefghij')",
        "concat(@, '检', @, '查')",
        "join(@, 'ab', @, 'c', @)",
        "upper-case(concat(@, @, 'ßßß'))",
        "substr(concat(@, 'abc', @), 0)",
        "translate(concat(@, 'abc', @), 'a', '巡')",
        "string(if(true(), concat(@, '1', @), @))",
        "once(concat(@, '1', @))",
        "coalesce('', concat(@, '1', @))",
    ] {
        let steps = (1..=60).map(|step| {
            let before = format!("${{q{}}}", step - 1);
            format!("\n q{step}; calculate: {}", double.replace('@', &before))
        });
        let mut form = begin(&format!("q0{}\n length; calculate: string-length(${{q60}})", steps.collect::<String>()));
        form.set("q0", "x");
        form.check("length", &MAX_TEXT.to_string());
        let longest = (0..=60).map(|step| form.0.value(form.node(&format!("q{step}")), ROOT).chars().count()).max();
        assert_eq!(longest, Some(MAX_TEXT), "{double}");
    }
}

#[test]
fn long_answers_are_read_whole_but_calculated_short() {
    let mut form = begin("q; constraint: string-length(.) = 40000\n copy; calculate: ${q}\n n; calculate: string-length(${q})");
    form.set("q", &"检".repeat(40_000));
    form.check("n", "40000");
    form.check_valid("q", true);
    form.check("copy", &"检".repeat(MAX_TEXT));
}

#[test]
fn texts_show_the_answers_that_they_name() {
    let mut form = begin(
        "who\n ask\n place; relevant: ${ask} = 1\n note; text: ${who} 在 ${place}，${who}; text: 又: ${note} ${nobody}; calculate: 1\n\
         repeat r\n m; text: ${who} #${m} ${r}\n repeat s\n k; text: ${m}/${k}\n end\n end\n last; text: ${m} ${k}; readonly: ${m} = 'x'",
    );
    let words = |form: &Filled, path: &str| {
        let (node, instance) = form.at(path);
        let shown = |piece: &Piece| match piece {
            Piece::Plain(text) => text.to_string(),
            Piece::Mention(mention) => form.0.mention(node, instance, *mention).to_owned(),
        };
        form.0.form().texts(node).iter().map(|text| text.iter().map(shown).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(words(&form, "note"), [" 在 ，", "又: 1 ${nobody}"]);
    let r = form.at("r").0;
    form.0.add(r, ROOT).unwrap();
    assert_eq!(form.set("who", "甲"), "who:Value note:Mention m:Mention");
    form.set("place", "中庭");
    assert_eq!(words(&form, "note")[0], "甲 在 ，甲", "what is not asked is not shown");
    assert!(form.set("ask", "1").contains("note:Mention"));
    assert_eq!(words(&form, "note")[0], "甲 在 中庭，甲");
    form.set("r[1]/m", "一");
    form.set("r[2]/m", "二");
    form.set("r[2]/s[1]/k", "丙");
    assert_eq!((words(&form, "r[1]/m"), words(&form, "r[2]/m")), (vec!["甲 #一 ".to_owned()], vec!["甲 #二 ".to_owned()]));
    assert_eq!((words(&form, "r[1]/s[1]/k"), words(&form, "r[2]/s[1]/k")), (vec!["一/".to_owned()], vec!["二/丙".to_owned()]));
    assert_eq!(words(&form, "last"), ["一 "], "of several the first");
    assert_eq!(form.0.form().mentioned(form.node("note"), 1), Some(form.node("place")));
}

#[test]
fn changes_say_what() {
    let mut form = begin("repeat r\n a\n end");
    let (r, root) = form.at("r");
    let (added, changes) = form.0.add(r, root).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].instance, changes[0].node, changes[0].what), (added, r, What::Added));
    assert_eq!(form.0.remove(added).unwrap()[0].what, What::Removed);
}
