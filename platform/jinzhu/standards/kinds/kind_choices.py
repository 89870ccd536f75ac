"""The lists of choices that fields offer; their words are choice.<list>.<code>.

Lists of the national platform keep its codes (`enumerations.csv`).  A list of grades is in order
from the lowest: the number of a grade is its code, and a bound compares the numbers.
"""

# fmt: off
CHOICES: dict[str, tuple[str, ...]] = {
    # item
    "item_type": ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"),
    "case_type": ("instant", "committed"),
    "use_level": ("1", "2", "3", "4", "5", "6"),
    "power_source": ("1", "2", "3", "4", "5", "6"),
    "service_object": ("1", "2", "3", "4", "5", "6", "7"),
    "result_type": ("certificate", "approval", "other", "none"),
    "handle_form": ("window", "online", "courier"),
    "online_depth": ("1", "2", "3", "4"),
    "cross_scope": ("1", "2", "3", "4", "5", "6"),
    "material_form": ("paper", "electronic", "either"),
    "material_need": ("required", "optional", "deferrable"),
    "material_source": ("applicant", "government", "other"),
    # department
    "department_class": (
        "government", "professional", "dual", "vertical", "utility", "other", "trading",
    ),
    "entry_force": ("shall", "may", "proposed"),
    "presence_mode": ("resident", "proxy", "branch", "standalone"),
    "holder": ("block", "line"),
    # staff
    "staff_role": ("window_staff", "window_head", "backup_staff"),
    "education": ("1", "2", "3", "4", "5"),
    "rank": ("1", "2", "3", "4"),
    "identity": ("established", "home_duty", "law_enforcement", "full_authority"),
    # procedure
    "procedure_object": ("department", "item", "staff"),
    "procedure_kind": (
        "entry", "adjustment", "suspension", "resumption", "exit", "return", "negative_list",
    ),
    "line": ("block", "line", "both"),
    "actor": (
        "center", "department", "superior", "competent_body", "government", "applicant", "public",
    ),
    "receiver": ("leader", "manager", "superior"),
    "step_action": ("return", "refuse", "ask", "delegate"),
    "step_condition": ("two_lines", "resident", "windowed", "standalone", "permit"),
    "step_guard": (
        "power_of_attorney", "window_arranged", "standalone_approved", "no_objection",
        "complete", "department_entered", "nothing_left", "services_provided",
    ),
    "step_effect": ("publish", "enter", "adjust", "suspend", "resume", "leave", "exclude"),
    # assessment and report
    "assessed": ("window_staff", "window_head", "window", "department", "center"),
    "period": ("month", "quarter", "half_year", "year"),
    "column_type": ("integer", "money", "percent", "text", "date"),
    "addressee": ("superior_center", "superior_department", "government", "public"),
    # clause
    "clause_force": ("shall", "should", "may"),
    "concern": ("department", "item", "staff", "center"),
    # role
    "permission": (
        "center.read",
        "standard.read", "standard.write", "edition.review", "standard.publish",
        "rollout.read", "rollout.run",
        "coverage.read",
        "item.read", "item.write", "item.claim",
        "department.read", "department.write", "department.claim",
        "conflict.read", "conflict.settle",
        "update.answer",
        "exemption.ask", "exemption.decide",
        "amendment.settle",
        "collision.settle",
        "item.takeover",
        "label.write",
        "comparison.read", "proposal.write", "proposal.decide",
        "procedure.read", "procedure.propose", "procedure.decide", "procedure.consent",
        "objection.contact",
        "procedure.urge",
        "calendar.write",
        "hall.read", "hall.write",
        "job.read", "job.run",
    ),
}
# fmt: on
