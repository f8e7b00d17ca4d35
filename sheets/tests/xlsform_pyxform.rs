//! The same workbooks, read by us and by pyxform, the reference implementation of XLSForm.
//!
//! Where we differ by intention, the case says why.

mod common;

use common::{pyxform, workbook, xlsx};
use serde_json::Value;
use spotcheck_sheets::xlsform::{self, Severity};

/// What is expected of a workbook. Codes are those of our errors and warnings, in the order in which they are shown.
enum Expect {
    /// Both accept it and understand the same.
    Same(&'static [&'static str]),
    /// Both refuse it.
    Refused(&'static [&'static str]),
    /// Only we refuse it, for this reason.
    OnlyWeRefuse(&'static [&'static str], #[allow(dead_code, reason = "for the reader")] &'static str),
    /// Only pyxform refuses it, and we take it for this reason.
    OnlyTheyRefuse(&'static [&'static str], #[allow(dead_code, reason = "for the reader")] &'static str),
}

use Expect::{OnlyTheyRefuse, OnlyWeRefuse, Refused, Same};

struct Case {
    name: &'static str,
    sheets: &'static [(&'static str, &'static str)],
    expect: Expect,
}

const fn case(name: &'static str, sheets: &'static [(&'static str, &'static str)], expect: Expect) -> Case {
    Case { name, sheets, expect }
}

const YES_NO: (&str, &str) = ("choices", "list_name|name|label\nyn|yes|是\nyn|no|否");

const CASES: &[Case] = &[
    // Types
    case(
        "simple types",
        &[(
            "survey",
            "type|name|label\ntext|a|甲\ninteger|b|乙\nint|c|丙\ndecimal|d|丁\ndate|e|戊\ntime|f|己\ndateTime|g|庚\ndatetime|h|辛\n\
             geopoint|i|壬\nlocation|j|癸\nbarcode|k|子\nnote|l|丑\nacknowledge|m|寅\ntrigger|n|卯\nimage|o|辰\nphoto|p|巳\nstring|q|午\nhidden|r|",
        )],
        Same(&[]),
    ),
    case(
        "old type names",
        &[("survey", "type|name|label\nq string|a|A\nadd integer prompt|b|B\nq geopoint|c|C\nadd note prompt|d|D\nq picture|e|E\ngps|f|F")],
        Same(&[]),
    ),
    case(
        "select one",
        &[("survey", "type|name|label\nselect_one yn|a|A\nselect one yn|b|B\nselect one from yn|c|C\nselect1 yn|d|D"), YES_NO],
        Same(&[]),
    ),
    case(
        "select multiple",
        &[("survey", "type|name|label\nselect_multiple yn|a|A\nselect all that apply yn|b|B\nselect all that apply from yn|c|C"), YES_NO],
        Same(&[]),
    ),
    case(
        "fixed numbers of instances",
        &[(
            "survey",
            "type|name|label|repeat_count\nbegin_repeat|r|台|200\ntext|a|A|\nend_repeat|||\n\
             begin_repeat|s|件|201\ntext|b|B|\nend_repeat|||",
        )],
        Same(&["count_beyond"]),
    ),
    case(
        "answers in words",
        &[
            (
                "survey",
                "type|name|label|hint|constraint|constraint_message|required|required_message\n\
                 text|who|姓名|||||\nselect_one yn|ok|${who}，可以吗？|${who}答|. = 'yes'|${who}不可以|yes|请${who}回答\n\
                 note|n|${who}选了${ok}|||||\nbegin_group|g|${who}的台账|||||\ntext|t|T|||||\nend_group|||||||\n\
                 begin_repeat|r|${who}的设备|||||\ntext|m|型号|||||\ntext|p|${m}的位置，在 ${r} 中|||||\nend_repeat|||||||",
            ),
            ("choices", "list_name|name|label\nyn|yes|是，${who}\nyn|no|否"),
        ],
        Same(&[]),
    ),
    case("a name in words that there is not", &[("survey", "type|name|label\ntext|a|A\nnote|b|${aa}")], Refused(&["unknown_name"])),
    case(
        "a name in a message that there is not",
        &[("survey", "type|name|label|constraint|constraint_message\ntext|a|A|. != ''|${x}")],
        Refused(&["unknown_name"]),
    ),
    case("rank", &[("survey", "type|name|label\nrank yn|a|A"), YES_NO], Same(&["rank_as_multiple"])),
    case(
        "or other",
        &[("survey", "type|name|label\nselect_one yn or_other|a|A\nselect_multiple yn or other|b|B\ntext|c|C"), YES_NO],
        Same(&[]),
    ),
    case(
        "or other in two languages",
        &[
            ("survey", "type|name|label::中文 (zh)|label::English (en)\nselect_one yn or_other|a|甲|A"),
            ("choices", "list_name|name|label::中文 (zh)|label::English (en)\nyn|yes|是|Yes\nyn|no|否|No"),
        ],
        Same(&[]),
    ),
    case(
        "ranges",
        &[(
            "survey",
            "type|name|label|parameters\nrange|a|A|\nrange|b|B|start=0 end=5 step=1\nrange|c|C|start=0;end=1;step=0.1\nrange|d|D|Start = 10, end = 1\n\
             range|e|E|start=0 end=10 step=2 tick_interval=4 placeholder=6",
        )],
        Same(&[]),
    ),
    case(
        "parameters",
        &[
            (
                "survey",
                "type|name|label|parameters\ntext|a|A|rows=3\nimage|b|B|max-pixels=1000\ngeopoint|c|C|capture-accuracy=5 warning-accuracy=20 allow-mock-accuracy=false\n\
             select_one yn|d|D|randomize=true seed=5",
            ),
            YES_NO,
        ],
        Same(&[]),
    ),
    case(
        "drawings",
        &[("survey", "type|name|label|appearance\nimage|a|签名|signature\nimage|b|草图|draw\nimage|c|标注|annotate")],
        Same(&[]),
    ),
    case(
        "metadata",
        &[(
            "survey",
            "type|name|label|constraint\nstart|start||\nend|end||\ntoday|today||\ndeviceid|deviceid||\nusername|user||\naudit|audit||\ndate|a|A|. <= ${today}",
        )],
        Same(&[]),
    ),
    case(
        "types that are left out",
        &[("survey", "type|name|label\naudio|a|A\nvideo|b|B\nfile|c|C\ngeotrace|d|D\ngeoshape|e|E\ntext|f|F")],
        Same(&["unsupported_type"; 5]),
    ),
    case(
        "calculate",
        &[(
            "survey",
            "type|name|label|calculation\ninteger|a|A|\ncalculate|b||${a} * 2\ncalculate|c|with label|${b} + 1\ndecimal|d|Shown|${c}\ninteger|e||${d}",
        )],
        Same(&[]),
    ),
    case("note without name", &[("survey", "type|name|label\nnote||A note\ntext|a|A")], Same(&[])),
    case("label is only a picture", &[("survey", "type|name|label|media::image\ntext|a||plate.png")], Same(&[])),
    case("label is only a hint", &[("survey", "type|name|label|hint\ntext|a||look")], Same(&[])),
    // Languages and texts
    case(
        "two languages",
        &[
            (
                "survey",
                "type|name|label::中文 (zh)|label::English (en)|hint::中文 (zh)|hint::English (en)|guidance_hint::中文 (zh)|constraint|constraint_message::中文 (zh)|constraint_message::English (en)|required|required_message::中文 (zh)\n\
                 integer|a|数量|Count|台|pieces|说明|. > 0|须大于零|Must be positive|yes|必填\ntext|b|备注|Remarks||||||||",
            ),
            ("settings", "form_title|form_id|version|default_language\n示例检查表|demo|3|中文 (zh)"),
        ],
        Same(&[]),
    ),
    case(
        "a column without language is the default language's",
        &[
            ("survey", "type|name|label|label::English (en)|hint\ntext|a|甲|A|提示"),
            ("choices", "list_name|name|label|label::English (en)\nx|1|一|One"),
            ("settings", "default_language\n中文 (zh)"),
        ],
        Same(&[]),
    ),
    case("a column without language beside others", &[("survey", "type|name|label|label::English (en)\ntext|a|甲|A")], Same(&[])),
    case("single colons", &[("survey", "type|name|label:zh|label:en|media:image:zh\ntext|a|甲|A|p.png")], Same(&[])),
    case(
        "media by language",
        &[(
            "survey",
            "type|name|label::zh|media::image::zh|media::audio::en|image::en|video::zh|big-image::zh\nnote|a|甲|p.png|s.mp3|q.png|v.mp4|b.png",
        )],
        Same(&[]),
    ),
    case(
        "headings as people write them",
        &[("survey", "Type|Name|Label :: 中文|Read Only|Relevance|Required\ntext|a|甲|yes|${b} = 'x'|TRUE\ntext|b|乙|||no")],
        Same(&[]),
    ),
    case(
        "bind and body",
        &[(
            "survey",
            "type|name|label|bind::relevant|bind::jr:constraintMsg|body::appearance|bind::required\ntext|a|A|true|no|multiline|yes",
        )],
        Same(&[]),
    ),
    case("curly quotes", &[("survey", "type|name|label|relevant\ntext|a|“甲”|\ntext|b|B|${a} = ‘x’ or ${a} = “y”")], Same(&[])),
    case("spaces", &[("survey", "  type | name  |label\ntext  |  a|two  spaces  here\nselect_one   yn|b|B"), YES_NO], Same(&[])),
    case(
        "references in texts",
        &[
            ("survey", "type|name|label|hint\ntext|a|A|\nnote|b|You said ${a}|and ${a} again"),
            ("choices", "list_name|name|label\nx|1|as ${a}"),
        ],
        Same(&[]),
    ),
    case(
        "chinese names",
        &[
            ("survey", "type|name|label|relevant\nselect_one 是否|问题一|甲|\ntext|问题二|乙|${问题一} = 'yes'"),
            ("choices", "list_name|name|label\n是否|yes|是\n是否|no|否"),
        ],
        Same(&[]),
    ),
    // Logic
    case(
        "expressions",
        &[(
            "survey",
            "type|name|label|relevant|constraint|required|default|read_only\n\
             integer|a|A||. >= 0 and . < 100|yes|5|\ntext|b|B|${a} > 3 and ${a} != 7|regex(., '^[A-Z]{2}$')|${a} = 5||${a} > 50\n\
             date|c|C|not(${a} = 4)|. <= today()|no|today()|\ndate|d|D||||2026-03-01|\ntext|e|E||||${a} + 1|\ntext|f|F|||true()|plain words|",
        )],
        Same(&[]),
    ),
    case(
        "cascading selects",
        &[
            (
                "survey",
                "type|name|label|choice_filter\nselect_one province|p|省|\nselect_one city|c|市|province = ${p}\nselect_multiple city|d|多市|province = ${p} and size = 'big'",
            ),
            (
                "choices",
                "list_name|name|label|province|size\nprovince|ah|安徽||\nprovince|js|江苏||\ncity|hf|合肥|ah|big\ncity|nj|南京|js|big\ncity|ks|昆山|js|small",
            ),
        ],
        Same(&[]),
    ),
    case(
        "groups",
        &[(
            "survey",
            "type|name|label|relevant|appearance\ntext|q|Q||\nbegin_group|g|组|${q} = 'x'|field-list\ntext|a|A||\nbegin group|h|内||\ntext|a|A again||\nend group||||\nend_group|g|||\nbegin group|i|||\ntext|j|J||\nend group||||",
        )],
        Same(&[]),
    ),
    case(
        "repeats",
        &[(
            "survey",
            "type|name|label|repeat_count|relevant\ninteger|n|N||\nbegin_repeat|r|台|${n}|\ntext|a|A||position(..) = 1\nend_repeat||||\n\
             begin repeat|s|个|3|\ntext|b|B||\nbegin repeat|t|内||\ntext|c|C||\nend repeat||||\nend repeat||||\nbegin repeat|u|算|${n} + 1|\ntext|d|D||\nend repeat||||\ncalculate|k|||",
        )],
        Refused(&["no_calculation"]),
    ),
    case(
        "repeats that count",
        &[(
            "survey",
            "type|name|label|repeat_count|calculation\ninteger|n|N||\nbegin_repeat|r|台|${n}|\ninteger|a|A||\nend_repeat||||\n\
             begin repeat|s|个|3|\ntext|b|B||\nbegin repeat|t|内||\ntext|c|C||\nend repeat||||\nend repeat||||\nbegin repeat|u|算|${n} + 1|\ntext|d|D||\nend repeat||||\n\
             calculate|k|||sum(${a})\ncalculate|l|||indexed-repeat(${a}, ${r}, 1)\ncalculate|m|||count(${s})",
        )],
        Same(&[]),
    ),
    case("repeat without label", &[("survey", "type|name|label\nbegin repeat|r|\ntext|a|A\nend repeat||")], Same(&["no_repeat_label"])),
    case("empty group", &[("survey", "type|name|label\nbegin group|g|G\nend group||\ntext|a|A")], Same(&[])),
    // Rows
    case(
        "blank rows, comments, disabled rows",
        &[("survey", "type|name|label|disabled|hint\ntext|a|A||\n\n\ntext|b|B|yes|\n||||a comment\ntext|c|C|no|")],
        Same(&["comment_row"]),
    ),
    case("capitals only", &[("survey", "type|name|label\ntext|a|A\ntext|A|A")], Same(&["similar_name"])),
    case(
        "own columns",
        &[
            (
                "survey",
                "type|name|label::中文 (zh)|label::English (en)|spotcheck::severity|spotcheck::how::中文 (zh)|spotcheck::how::English (en)\nselect_one yn|a|甲|A|major|看|look",
            ),
            ("choices", "list_name|name|label::中文 (zh)|label::English (en)|spotcheck_pass\nyn|yes|是|Yes|\nyn|no|否|No|no"),
            (
                "settings",
                "form_title|form_id|default_language|spotcheck::domain|spotcheck::title::English (en)\n示例|demo|中文 (zh)|special_equipment|Demo",
            ),
            ("basis", "id|name::中文 (zh)|name::English (en)\nTSSL|法|Law"),
            ("phrases", "key|text::中文 (zh)\na|句"),
        ],
        Same(&[]),
    ),
    case("unknown columns", &[("survey", "type|name|label|remarks for us|labell\ntext|a|A|x|y")], Same(&["misspelt_column"])),
    case("a lone sheet is the survey", &[("Sheet1", "type|name|label\ntext|a|A")], Same(&[])),
    case(
        "sheet names in capitals",
        &[("SURVEY", "type|name|label\nselect_one yn|a|A"), ("Choices", "list name|value|caption\nyn|yes|是\nyn|no|否")],
        Same(&[]),
    ),
    case(
        "settings",
        &[
            ("survey", "type|name|label\ntext|a|A"),
            ("settings", "title|id_string|version|style|instance_name\nT|i|2026.1|pages|concat('a', ${a})"),
        ],
        Same(&[]),
    ),
    case("title in the survey", &[("survey", "type|name|label\nform_title|Named here|\nset_form_id|named|\ntext|a|A")], Same(&[])),
    // Choices
    case(
        "choice without label",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label\nx|1|\nx|2|two")],
        Same(&["no_choice_label"]),
    ),
    case(
        "doubles allowed",
        &[
            ("survey", "type|name|label\nselect_one x|a|A"),
            ("choices", "list_name|name|label|of\nx|1|one|p\nx|1|uno|q"),
            ("settings", "allow_choice_duplicates\nyes"),
        ],
        Same(&[]),
    ),
    case(
        "numbers as values",
        &[
            ("survey", "type|name|label|relevant\nselect_one x|a|A|\ntext|b|B|${a} = 2"),
            ("choices", "list_name|name|label\nx|1|one\nx|2|two"),
        ],
        Same(&[]),
    ),
    case(
        "choice without list",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label\nx|1|one\n|2|two")],
        Same(&["no_list_name"]),
    ),
    case(
        "values with spaces in a choice of one",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label\nx|a b|one")],
        Same(&[]),
    ),
    // Refused by both
    case("no survey", &[("surveys", "type|name|label\ntext|a|A"), YES_NO], Refused(&["no_survey"])),
    case("no type column", &[("survey", "typ|name|label\ntext|a|A")], Refused(&["no_column", "misspelt_column"])),
    case("no type", &[("survey", "type|name|label\n|a|A\ntext|b|B")], Refused(&["no_type"])),
    case("unknown type", &[("survey", "type|name|label\nText|a|A\ntext|b|B")], Refused(&["unknown_type"])),
    case("select without list", &[("survey", "type|name|label\nselect_one|a|A\ntext|b|B")], Refused(&["unknown_type"])),
    case("no name", &[("survey", "type|name|label\ntext||A\ntext|b|B")], Refused(&["no_name"])),
    case("bad name", &[("survey", "type|name|label\ntext|1a|A\ntext|b c|B\ntext|d|D")], Refused(&["bad_name", "bad_name"])),
    case("reserved name", &[("survey", "type|name|label\ntext|meta|A\ntext|b|B")], Refused(&["reserved_name"])),
    case("double name", &[("survey", "type|name|label\ntext|a|A\ninteger|a|B")], Refused(&["double_name"])),
    case(
        "double repeat",
        &[(
            "survey",
            "type|name|label\nbegin group|g|G\nbegin repeat|r|R\ntext|a|A\nend repeat||\nend group||\nbegin repeat|r|R\ntext|b|B\nend repeat||",
        )],
        Refused(&["double_name"]),
    ),
    case("no label", &[("survey", "type|name|label|guidance_hint\ntext|a||\ntext|b||only guidance")], Refused(&["no_label", "no_label"])),
    case("big image alone", &[("survey", "type|name|label|big-image\ntext|a|A|b.png")], Refused(&["big_image_alone"])),
    case("no calculation", &[("survey", "type|name|label|calculation\ncalculate|a||")], Refused(&["no_calculation"])),
    case("end without begin", &[("survey", "type|name|label\ntext|a|A\nend group||")], Refused(&["end_mismatch"])),
    case(
        "crossed ends",
        &[("survey", "type|name|label\nbegin group|g|G\nbegin repeat|r|R\ntext|a|A\nend group||\nend repeat||")],
        Refused(&["end_mismatch", "not_ended"]),
    ),
    case("never ended", &[("survey", "type|name|label\nbegin group|g|G\ntext|a|A")], Refused(&["not_ended"])),
    case("no list", &[("survey", "type|name|label\nselect_one yesno|a|A"), YES_NO], Refused(&["no_list"])),
    case("no choices at all", &[("survey", "type|name|label\nselect_one yn|a|A")], Refused(&["no_list"])),
    case(
        "double choice",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label\nx|1|one\nx|1|uno")],
        Refused(&["double_choice"]),
    ),
    case(
        "choice without value",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label\nx|1|one\nx||two")],
        Refused(&["no_choice_name"]),
    ),
    case(
        "no value column",
        &[("survey", "type|name|label\ntext|a|A"), ("choices", "list_name|label\nx|one")],
        Refused(&["no_column", "no_choice_name"]),
    ),
    case(
        "values with spaces in a choice of several",
        &[("survey", "type|name|label\nselect_multiple x|a|A"), ("choices", "list_name|name|label\nx|a b|one")],
        Refused(&["space_in_choice"]),
    ),
    case(
        "filter with or other",
        &[("survey", "type|name|label|choice_filter\nselect_one x or_other|a|A|name = '1'"), ("choices", "list_name|name|label\nx|1|one")],
        Refused(&["other_with_filter"]),
    ),
    case("unknown reference", &[("survey", "type|name|label|relevant\ntext|total|A|\ntext|b|B|${totl} = 1")], Refused(&["unknown_name"])),
    case("unknown reference in a label", &[("survey", "type|name|label\ntext|a|A\nnote|b|see ${c}")], Refused(&["unknown_name"])),
    case(
        "ambiguous reference",
        &[("survey", "type|name|label|relevant\nbegin group|g|G|\ntext|a|A|\nend group|||\ntext|a|A|\ntext|b|B|${a} = 1")],
        Refused(&["ambiguous_name"]),
    ),
    case("broken reference", &[("survey", "type|name|label\ntext|a|A\nnote|b|see ${ a }")], Refused(&["bad_reference"])),
    case("columns that mean the same", &[("survey", "type|name|label|relevant|relevance\ntext|a|A||")], Refused(&["double_column"])),
    case("a heading twice", &[("survey", "type|name|label|label\ntext|a|A|B")], Refused(&["double_column"])),
    case("bad parameters", &[("survey", "type|name|label|parameters\nrange|a|A|start 1")], Refused(&["bad_parameters"])),
    case("unknown parameter", &[("survey", "type|name|label|parameters\ntext|a|A|lines=3")], Refused(&["unknown_parameter"])),
    case("bad parameter", &[("survey", "type|name|label|parameters\ntext|a|A|rows=three")], Refused(&["bad_parameter"])),
    case(
        "bad range",
        &[("survey", "type|name|label|parameters\nrange|a|A|start=1 end=3 step=0\nrange|b|B|start=1 end=3 step=9")],
        Refused(&["bad_parameter"; 2]),
    ),
    case(
        "bad trigger",
        &[("survey", "type|name|label|trigger|calculation\ntext|a|A||\ncalculate|b||a|1")],
        Refused(&["bad_reference", "unsupported_column"]),
    ),
    case("audit with a name", &[("survey", "type|name|label\naudit|log|\ntext|a|A")], Refused(&["bad_name"])),
    // Where we differ
    case("no question", &[("survey", "type|name|label")], OnlyWeRefuse(&["no_question"], "a checklist without items can't be used")),
    case(
        "expression that can't be read",
        &[("survey", "type|name|label|relevant\ntext|a|A|\ntext|b|B|${a} = = 1\ntext|c|C|${a} = '1\ntext|d|D|(${a} = 1")],
        OnlyWeRefuse(&["expression"; 3], "pyxform leaves expressions to a second program, ODK Validate; here there is none"),
    ),
    case(
        "unknown function",
        &[("survey", "type|name|label|relevant\ntext|a|A|\ntext|b|B|selekted(${a}, 'x')")],
        OnlyWeRefuse(&["expression"], "as above"),
    ),
    case(
        "functions that need a server or other files",
        &[("survey", "type|name|label|calculation\ntext|a|A|\ncalculate|b||pulldata('units', 'name', 'code', ${a})")],
        OnlyWeRefuse(&["expression"], "there are no files beside a checklist"),
    ),
    case(
        "a circle",
        &[("survey", "type|name|label|calculation\ncalculate|a||${c} + 1\ncalculate|b||${a} + 1\ncalculate|c||${b} + 1")],
        OnlyWeRefuse(&["cycle"], "left to ODK Validate by pyxform"),
    ),
    case(
        "a word without braces",
        &[("survey", "type|name|label|relevant\ninteger|age|A|\ntext|b|B|age > 3")],
        OnlyWeRefuse(&["bare_name"], "it would never be relevant, in ODK either"),
    ),
    case(
        "filter by a column that is not there",
        &[
            ("survey", "type|name|label|choice_filter\nselect_one x|a|A|provinz = 'b'"),
            ("choices", "list_name|name|label|province\nx|1|one|b"),
        ],
        OnlyWeRefuse(&["no_choice_column"], "no choice would ever be offered"),
    ),
    case(
        "a name whose row is left out",
        &[("survey", "type|name|label|relevant\naudio|a|A|\ntext|b|B|${a} != ''")],
        OnlyWeRefuse(&["left_out_name", "unsupported_type"], "without the question the expression has no meaning"),
    ),
    case(
        "a form from a file",
        &[("survey", "type|name|label\nselect_one_from_file cities.csv|a|A\ntext|b|B")],
        Same(&["unsupported_type"]),
    ),
    case(
        "an ideographic space",
        &[("survey", "type|name|label\nselect_one　yn|a|A"), YES_NO],
        OnlyTheyRefuse(&[], "Chinese input methods type it, and it can mean nothing else"),
    ),
    case(
        "choices by a heading with two parts",
        &[("survey", "type|name|label\nselect_one x|a|A"), ("choices", "list_name|name|label|of::what\nx|1|one|b")],
        OnlyTheyRefuse(&["unsupported_column"], "pyxform fails in writing it; we leave the column out"),
    ),
];

#[test]
fn forms_are_read_as_pyxform_reads_them() {
    assert!(CASES.len() >= 40);
    let files: Vec<(String, Vec<u8>)> = CASES.iter().map(|case| (case.name.replace(' ', "-"), xlsx(&workbook(case.sheets)))).collect();
    let paths = pyxform::write_files("pyxform", &files);
    let answers = pyxform::read(&paths);
    let failures: Vec<String> = CASES
        .iter()
        .zip(&files)
        .zip(answers)
        .filter_map(|((case, (_, bytes)), theirs)| Some(format!("## {}\n{}", case.name, compare(case, bytes, theirs)?)))
        .collect();
    assert!(failures.is_empty(), "{} of {} differ\n{}", failures.len(), CASES.len(), failures.join("\n"));
}

/// What is not as expected of a case.
fn compare(case: &Case, bytes: &[u8], theirs: Value) -> Option<String> {
    let book = spotcheck_sheets::read(bytes, case.name).expect("a workbook").workbook;
    let reading = xlsform::read(&book, &case.name.replace(' ', "-"));
    let found = &reading.diagnostics;
    let shown: Vec<String> = found.shown().iter().map(|one| one.to_string()).collect();
    let codes: Vec<&str> =
        found.shown().iter().filter(|one| one.problem.severity() != Severity::Note).map(|one| one.problem.code()).collect();
    let (expected, we_refuse, they_refuse) = match case.expect {
        Same(codes) => (codes, false, false),
        Refused(codes) => (codes, true, true),
        OnlyWeRefuse(codes, _) => (codes, true, false),
        OnlyTheyRefuse(codes, _) => (codes, false, true),
    };
    if codes != expected || found.has_errors() != we_refuse {
        return Some(format!("we said {shown:#?}"));
    }
    if theirs["error"].is_string() != they_refuse {
        return Some(format!("pyxform said {theirs}"));
    }
    if we_refuse || they_refuse {
        return None;
    }
    pyxform::difference(
        &pyxform::without_other(pyxform::without_left_out(pyxform::shape(&reading.form), &theirs)),
        &pyxform::aligned(theirs),
    )
}
