"""What the demo's illustrations show, each drawn from plain shapes."""

from collections.abc import Callable

from editorial.demo import drawing as d
from editorial.demo.drawing import Canvas

Scene = Callable[[], Canvas]


def counter() -> Canvas:
    """A one-stop counter: two clerks behind it, two people in front."""
    canvas = Canvas("#eef3ee", "#dde8e0")
    canvas.box(0, 0, d.WIDTH, 90, d.MOSS)
    for x in (110, 620, 1130):
        canvas.rounded(x, 150, 360, 250, 14, d.PAPER)
        canvas.rounded(x + 24, 174, 312, 44, 8, d.RED)
        for row in range(3):
            canvas.rounded(x + 40, 250 + row * 42, 280 - row * 50, 14, 5, d.GREY)
    d.person(canvas, 480, 600, 300, d.BLUE)
    d.person(canvas, 1110, 600, 300, d.RED)
    canvas.rounded(-40, 560, d.WIDTH + 80, 60, 12, d.WOOD)
    canvas.box(0, 612, d.WIDTH, 388, d.SAND)
    canvas.box(0, 612, d.WIDTH, 18, d.BARK)
    for x in (250, 880):
        canvas.rounded(x - 70, 440, 150, 108, 10, d.INK)
        canvas.rounded(x - 60, 450, 130, 88, 6, d.SKY)
        canvas.box(x - 8, 546, 26, 18, d.INK)
    canvas.rounded(600, 540, 120, 20, 4, d.WHITE)
    canvas.rounded(1260, 536, 120, 24, 4, d.WHITE)
    d.seen_from_behind(canvas, 560, 1040, 460, d.MOSS)
    d.seen_from_behind(canvas, 1180, 1040, 430, d.NAVY)
    return canvas


def hall() -> Canvas:
    """A conference hall: rows of delegates look at a stage with a rostrum and the flag."""
    canvas = Canvas("#7b2323", "#591616")
    canvas.box(0, 0, d.WIDTH, 60, "#3d0f0f")
    for x in range(0, d.WIDTH, 80):
        canvas.box(x, 60, 34, 560, "#6c1c1c")
    canvas.rounded(430, 120, 740, 330, 12, d.PAPER)
    canvas.rounded(500, 200, 600, 34, 8, d.RED)
    canvas.rounded(560, 270, 480, 24, 8, d.GOLD)
    canvas.rounded(620, 330, 360, 18, 6, d.GREY)
    d.flag(canvas, 130, 160, 210)
    canvas.box(0, 600, d.WIDTH, 60, d.WOOD)
    d.person(canvas, 1320, 520, 230, d.NAVY)
    canvas.shape([(1215, 440), (1425, 440), (1400, 610), (1240, 610)], d.BARK)
    canvas.disc(1320, 515, 34, d.GOLD)
    canvas.line([(1320, 440), (1300, 400)], 5, d.INK)
    canvas.box(0, 650, d.WIDTH, 350, "#40100f")
    shirts = (d.NAVY, d.PAPER, d.BLUE, d.CREAM, d.MOSS)
    for row, (y, size) in enumerate(((800, 190), (900, 230), (1040, 290))):
        for index in range(9 - row):
            x = 110 + row * 40 + index * (180 + row * 26)
            d.seen_from_behind(canvas, x, y, size, shirts[(index * 2 + row) % len(shirts)])
    return canvas


def loudspeaker() -> Canvas:
    """Two horn loudspeakers on a pole above the roofs of a village, limestone hills behind."""
    canvas = Canvas("#fde8c8", "#f8cf9c")
    canvas.disc(1230, 300, 120, "#ffd98a")
    d.hills(canvas, 720, [(180, 360), (520, 470), (980, 400), (1430, 500)], "#9db8a2")
    d.hills(canvas, 780, [(60, 300), (800, 300), (1200, 260), (1580, 320)], "#6f9a7d")
    for x, width in ((120, 330), (520, 280), (1010, 320), (1330, 300)):
        canvas.box(x + 20, 820, width - 40, 180, d.CREAM)
        canvas.shape([(x - 20, 830), (x + width / 2, 720), (x + width + 20, 830)], d.RED)
        canvas.box(x + width / 2 - 26, 880, 52, 120, d.BARK)
    canvas.box(764, 220, 26, 780, "#5d6d75")
    canvas.box(690, 330, 170, 16, "#5d6d75")
    for side in (-1, 1):
        x = 777 + side * 80
        horn = [(x, 300), (x, 376), (x + side * 190, 440), (x + side * 190, 236)]
        canvas.shape(horn, d.GREY)
        canvas.oval(x + side * 190, 338, 34, 104, "#8a979e")
        canvas.oval(x + side * 190, 338, 20, 74, d.INK)
        for ring in range(3):
            start = -32 if side > 0 else 148
            canvas.arc((x + side * 150, 338), 150 + ring * 60, start, start + 64, 12, d.RED)
    return canvas


def phone() -> Canvas:
    """A hand-held telephone with a form on its screen, ticked and ready to be sent."""
    canvas = Canvas("#e4eff4", "#c9dfe8")
    canvas.disc(320, 760, 330, "#d5e8ee")
    canvas.disc(1330, 250, 260, "#d9ebdf")
    canvas.shape([(520, 1000), (600, 640), (1010, 640), (1120, 1000)], d.SKIN)
    canvas.rounded(560, 80, 480, 830, 56, d.INK)
    canvas.rounded(582, 120, 436, 740, 30, d.PAPER)
    canvas.rounded(582, 120, 436, 110, 30, d.RED)
    canvas.box(582, 190, 436, 40, d.RED)
    canvas.rounded(620, 158, 240, 24, 8, d.CREAM)
    for row in range(4):
        y = 275 + row * 112
        canvas.rounded(620, y, 130, 16, 5, d.GREY)
        canvas.rounded(620, y + 28, 360, 56, 12, d.WHITE)
        canvas.rounded(640, y + 48, 190 + (row % 3) * 40, 16, 5, d.BLUE)
        canvas.line([(930, y + 56), (943, y + 69), (965, y + 42)], 8, d.LEAF)
    canvas.rounded(620, 745, 360, 76, 20, d.MOSS)
    canvas.rounded(710, 774, 180, 18, 6, d.PAPER)
    for y in (690, 775, 855):
        canvas.rounded(978, y, 110, 62, 30, d.SKIN)
    canvas.rounded(500, 600, 110, 240, 50, d.SKIN)
    canvas.disc(1270, 560, 92, d.LEAF)
    canvas.line([(1226, 562), (1260, 598), (1320, 524)], 22, d.PAPER)
    d.paper(canvas, 190, 300, 230, 310, 8)
    return canvas


def mountains() -> Canvas:
    """Layered mountains of Lạng Sơn at sunrise above rice terraces and houses on stilts."""
    canvas = Canvas("#fbd7a8", "#f7efe0")
    canvas.disc(1080, 330, 110, "#fff1c9")
    d.hills(canvas, 560, [(240, 300), (640, 380), (1040, 260), (1420, 360)], "#b9c9cf")
    d.hills(canvas, 620, [(60, 300), (430, 240), (860, 300), (1240, 290), (1580, 260)], "#86a7a3")
    d.hills(canvas, 680, [(300, 200), (760, 160), (1120, 220), (1500, 180)], "#558a75")
    greens = ("#8fb35a", "#a3c267", "#78a350", "#b5cf7a", "#6c9648", "#9dbc62")
    for step, green in enumerate(greens):
        y = 690 + step * 54
        wave = [(x, y + 16 * ((x // 200 + step) % 2)) for x in range(0, 1801, 200)]
        canvas.shape([*wave, (1800, 1000), (0, 1000)], green)
    for x, y in ((300, 700), (520, 740), (1180, 730)):
        canvas.box(x + 16, y + 60, 12, 60, d.BARK)
        canvas.box(x + 152, y + 60, 12, 60, d.BARK)
        canvas.box(x + 10, y, 160, 72, d.WOOD)
        canvas.box(x + 76, y + 16, 32, 40, d.CREAM)
        canvas.shape(
            [(x - 24, y + 6), (x + 40, y - 74), (x + 140, y - 74), (x + 204, y + 6)], d.BARK
        )
    return canvas


def studio() -> Canvas:
    """A radio studio: a reader at the microphone, level lights and a text on the desk."""
    canvas = Canvas("#24384a", "#1a2836")
    for row in range(4):
        for column in range(9):
            colour = "#2d4558" if (row + column) % 2 else "#294052"
            canvas.rounded(column * 180 + 10, row * 150 + 20, 160, 130, 16, colour)
    canvas.rounded(1080, 120, 380, 240, 18, "#0f1a24")
    for index, height in enumerate((60, 110, 160, 120, 180, 90, 140, 70)):
        canvas.rounded(1114 + index * 41, 336 - height, 26, height, 6, d.LEAF)
        canvas.rounded(1114 + index * 41, 336 - height, 26, 24, 6, d.GOLD)
    d.person(canvas, 620, 860, 620, d.RED)
    canvas.arc((620, 370), 158, 200, 340, 22, d.GREY)
    canvas.rounded(456, 330, 50, 120, 22, d.GREY)
    canvas.rounded(734, 330, 50, 120, 22, d.GREY)
    canvas.box(0, 800, d.WIDTH, 200, d.WOOD)
    canvas.box(0, 800, d.WIDTH, 18, d.BARK)
    canvas.line([(1120, 810), (1010, 600), (850, 560)], 18, d.GREY)
    canvas.rounded(770, 500, 90, 130, 42, d.INK)
    for y in (530, 556, 582):
        canvas.box(776, y, 78, 6, d.GREY)
    canvas.shape([(250, 960), (320, 840), (560, 840), (540, 960)], d.PAPER)
    for row in range(4):
        canvas.line([(320 - row * 12, 862 + row * 24), (520, 862 + row * 24)], 6, d.GREY)
    return canvas


def chart() -> Canvas:
    """A report with rising bars, a line through them and a magnifying glass."""
    canvas = Canvas("#f5efe3", "#eadfc8")
    canvas.rounded(190, 120, 1000, 760, 24, d.WHITE)
    canvas.rounded(250, 170, 420, 30, 8, d.RED)
    canvas.rounded(250, 222, 280, 18, 6, d.GREY)
    for row in range(5):
        canvas.box(250, 330 + row * 110, 880, 3, "#e3e7ea")
    heights = (190, 240, 225, 300, 350, 430)
    for index, height in enumerate(heights):
        colour = d.MOSS if index == len(heights) - 1 else "#8db7a3"
        canvas.rounded(290 + index * 140, 790 - height, 84, height, 10, colour)
    canvas.box(250, 786, 880, 8, d.INK)
    points = [(332 + index * 140, 740 - height) for index, height in enumerate(heights)]
    canvas.line(points, 12, d.GOLD)
    for x, y in points:
        canvas.disc(x, y, 18, d.RED)
        canvas.disc(x, y, 9, d.WHITE)
    canvas.line([(1330, 700), (1460, 860)], 52, d.BARK)
    canvas.disc(1230, 580, 176, d.NAVY)
    canvas.disc(1230, 580, 146, "#dcebf2")
    canvas.line([(1160, 590), (1214, 644), (1312, 520)], 30, d.LEAF)
    return canvas


def village_team() -> Canvas:
    """Two young people of a community digital team show a tablet to an elderly woman."""
    canvas = Canvas("#f9e9cc", "#f3d9ad")
    d.hills(canvas, 620, [(150, 260), (520, 330), (1160, 300), (1490, 240)], "#a9c3ac")
    canvas.box(0, 620, d.WIDTH, 380, "#d9c08c")
    for x in (930, 1150, 1370):
        canvas.box(x, 440, 26, 330, d.BARK)
    canvas.box(900, 300, 540, 220, d.WOOD)
    canvas.box(1000, 350, 110, 120, d.CREAM)
    canvas.box(1230, 350, 110, 120, d.CREAM)
    canvas.shape([(830, 310), (980, 130), (1380, 130), (1520, 310)], d.BARK)
    d.person(canvas, 380, 940, 520, d.BLUE)
    d.person(canvas, 800, 960, 480, d.NAVY, hair=d.GREY)
    d.person(canvas, 1190, 940, 520, d.BLUE)
    for x in (380, 1190):
        canvas.disc(x - 100, 780, 22, d.GOLD)
    canvas.rounded(500, 770, 270, 190, 18, d.INK)
    canvas.rounded(516, 786, 238, 158, 8, d.PAPER)
    canvas.rounded(540, 806, 130, 18, 6, d.RED)
    for row in range(3):
        canvas.rounded(540, 844 + row * 30, 180 - row * 30, 12, 5, d.GREY)
    canvas.oval(500, 880, 40, 28, d.SKIN)
    canvas.oval(770, 880, 40, 28, d.SKIN)
    return canvas


def headquarters() -> Canvas:
    """The seat of a commune's People's Committee with the flag in front of it."""
    canvas = Canvas("#bfe0ec", "#eef7f4")
    for x, y in ((260, 170), (1180, 130), (1390, 220)):
        canvas.oval(x, y, 120, 38, d.WHITE)
        canvas.oval(x + 70, y - 26, 80, 36, d.WHITE)
    d.hills(canvas, 640, [(120, 260), (1480, 300), (1240, 220)], "#9cc0a4")
    canvas.box(0, 800, d.WIDTH, 200, "#d8cdb6")
    canvas.box(270, 380, 1060, 430, "#f4dfa6")
    canvas.box(240, 340, 1120, 50, d.RED)
    canvas.shape([(600, 345), (800, 230), (1000, 345)], d.DEEP_RED)
    canvas.star(800, 306, 34, d.GOLD)
    for x in (330, 480, 1040, 1190):
        for y in (430, 620):
            canvas.rounded(x, y, 84, 120, 6, d.BLUE)
            canvas.box(x + 39, y, 6, 120, d.PAPER)
    canvas.rounded(640, 420, 320, 70, 8, d.RED)
    canvas.rounded(680, 445, 240, 18, 6, d.GOLD)
    canvas.box(700, 560, 200, 250, d.BARK)
    canvas.box(797, 560, 6, 250, d.CREAM)
    for step in range(3):
        canvas.box(660 - step * 30, 800 + step * 24, 280 + step * 60, 26, "#c4b79c")
    canvas.box(1440, 160, 12, 690, "#7d8b92")
    d.flag(canvas, 1210, 170, 230)
    for x in (90, 190, 1530):
        canvas.box(x - 8, 740, 16, 90, d.BARK)
        canvas.disc(x, 700, 66, d.LEAF)
    return canvas


def training() -> Canvas:
    """A training class: a teacher at a screen, officials with laptops in front."""
    canvas = Canvas("#eaf0f2", "#d9e3e7")
    canvas.rounded(330, 90, 800, 450, 16, d.INK)
    canvas.rounded(350, 110, 760, 410, 8, d.PAPER)
    canvas.rounded(400, 160, 360, 30, 8, d.RED)
    for row in range(4):
        canvas.disc(418, 246 + row * 62, 14, d.GOLD)
        canvas.rounded(450, 236 + row * 62, 330 - (row % 2) * 70, 20, 6, d.GREY)
    for index, height in enumerate((70, 120, 180)):
        canvas.rounded(860 + index * 76, 460 - height, 52, height, 8, d.MOSS)
    d.person(canvas, 1300, 700, 430, d.RED)
    canvas.line([(1190, 560), (1090, 440)], 16, d.SKIN)
    canvas.box(0, 700, d.WIDTH, 300, "#c8b391")
    for x in (60, 440, 820, 1200):
        canvas.rounded(x, 740, 330, 40, 10, d.WOOD)
        canvas.rounded(x + 85, 630, 160, 108, 10, "#5d6d75")
        canvas.rounded(x + 75, 734, 180, 14, 6, d.INK)
        shirt = d.NAVY if x % 200 else d.MOSS
        d.seen_from_behind(canvas, x + 165, 1030, 300, shirt)
    return canvas


def plan() -> Canvas:
    """A plan on a desk: a document with a red seal, a calendar and a pen."""
    canvas = Canvas("#b98a58", "#9c6f42")
    for y in (180, 420, 660, 900):
        canvas.box(0, y, d.WIDTH, 5, "#8d6239")
    d.paper(canvas, 260, 90, 620, 830, 16)
    canvas.disc(730, 780, 84, d.RED)
    canvas.disc(730, 780, 70, d.WHITE)
    canvas.disc(730, 780, 62, d.RED)
    canvas.star(730, 780, 36, d.WHITE)
    canvas.rounded(990, 170, 440, 430, 20, d.PAPER)
    canvas.rounded(990, 170, 440, 96, 20, d.MOSS)
    canvas.box(990, 230, 440, 36, d.MOSS)
    for x in (1080, 1340):
        canvas.rounded(x - 10, 140, 20, 66, 10, d.INK)
    for row in range(4):
        for column in range(6):
            marked = (row * 6 + column) in {3, 9, 16, 20}
            colour = d.GOLD if marked else "#dfe5e8"
            canvas.rounded(1020 + column * 66, 300 + row * 70, 48, 48, 8, colour)
    canvas.line([(1010, 900), (1390, 700)], 34, d.NAVY)
    canvas.shape([(1010, 884), (1024, 914), (966, 928)], d.GOLD)
    canvas.disc(1400, 694, 17, d.INK)
    return canvas


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        counter,
        hall,
        loudspeaker,
        phone,
        mountains,
        studio,
        chart,
        village_team,
        headquarters,
        training,
        plan,
    )
}
