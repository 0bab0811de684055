"""The roles of the house, by the names their groups carry in the admin."""

REPORTER = "Phóng viên"
EDITOR = "Biên tập viên"
APPROVER = "Ban Biên tập"
PLANNER = "Chuyên viên kế hoạch"
OFFICER = "Công chức đầu mối"
ADMINISTRATOR = "Quản trị viên"

ALL = (REPORTER, EDITOR, APPROVER, PLANNER, OFFICER, ADMINISTRATOR)
