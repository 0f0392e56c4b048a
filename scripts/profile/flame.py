# SPDX-License-Identifier: GPL-2.0-only
"""flame.py: draw call stacks with their costs as a flame graph in one SVG file.

A box is a function on its call path; its width is what it and everything that it called cost; its
callees stand on it. Pointing at a box shows its whole text, clicking on it makes it as wide as the
picture, clicking on the lowest box shows everything again.
"""
from html import escape

WIDTH, ROW, MARGIN = 1600, 18, 34
SMALLEST = 0.0004		# of the whole: narrower boxes are left out

SCRIPT = """
function zoom(box) {
  var all = document.querySelectorAll('g.b'), x = +box.dataset.x, w = +box.dataset.w;
  all.forEach(function (g) {
    var gx = +g.dataset.x, gw = +g.dataset.w, below = gx <= x + 1e-9 && gx + gw >= x + w - 1e-9;
    var nx = below && gw > w ? 0 : (gx - x) / w * %d, nw = below && gw > w ? %d : gw / w * %d;
    var shown = (below || gx >= x - 1e-9) && gx + gw <= x + w + 1e-9 || below;
    g.style.display = shown ? '' : 'none';
    var r = g.querySelector('rect'), t = g.querySelector('text');
    r.setAttribute('x', nx); r.setAttribute('width', Math.max(nw - 0.5, 0.1));
    t.setAttribute('x', nx + 3);
    var room = Math.floor(nw / 7.1);
    t.textContent = room < 3 ? '' : g.dataset.n.length <= room ? g.dataset.n : g.dataset.n.slice(0, room - 1) + '\\u2026';
  });
}
""" % (WIDTH, WIDTH, WIDTH)


def tree_of(stacks):
    root = {"count": 0, "below": {}}
    for path, count in stacks.items():
        node = root
        node["count"] += count
        for name in path:
            node = node["below"].setdefault(name, {"count": 0, "below": {}})
            node["count"] += count
    return root


def colour(name):
    """Warm for the kernel, cool for user space; the same name always looks the same."""
    spread = sum(ord(c) * (i + 1) for i, c in enumerate(name)) % 60
    hue = 190 + spread // 2 if name.endswith("[u]") or name == "[user]" else 10 + spread // 1.3
    return f"hsl({hue:.0f},70%,{68 + spread % 12}%)"


def boxes(node, name, x, depth, whole, operations):
    """SVG of a box and those on it; the greatest depth among them."""
    share = node["count"] / whole
    out, deepest = [], depth
    if share < SMALLEST:
        return out, depth - 1
    label = f"{name}: {node['count'] / operations:,.1f} per operation, {100 * share:.2f} %"
    room = int(share * WIDTH / 7.1)
    short = "" if room < 3 else name if len(name) <= room else name[:room - 1] + "\u2026"
    out.append(
        f'<g class="b" onclick="zoom(this)" data-x="{x:.6f}" data-w="{share:.6f}" data-n="{escape(name, True)}">'
        f'<title>{escape(label)}</title><rect x="{x * WIDTH:.2f}" y="@{depth}@" '
        f'width="{max(share * WIDTH - 0.5, 0.1):.2f}" height="{ROW - 1}" fill="{colour(name)}"/>'
        f'<text x="{x * WIDTH + 3:.2f}" y="@{depth}t@">{escape(short)}</text></g>')
    for below, child in sorted(node["below"].items()):
        more, deep = boxes(child, below, x, depth + 1, whole, operations)
        out += more
        deepest = max(deepest, deep)
        x += child["count"] / whole
    return out, deepest


def write_svg(path, stacks, operations, title):
    root = tree_of(stacks)
    parts, deepest = boxes(root, "all", 0.0, 0, max(root["count"], 1), operations)
    height = MARGIN + (deepest + 1) * ROW + 10
    body = "\n".join(parts)
    for depth in range(deepest + 1):
        y = height - 10 - (depth + 1) * ROW
        body = body.replace(f"@{depth}@", str(y)).replace(f"@{depth}t@", str(y + 13))
    with open(path, "w", encoding="utf-8") as svg:
        svg.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" '
            f'font-size="12">\n<style>g.b {{ cursor: pointer }} g.b:hover rect {{ stroke: black }}</style>\n'
            f'<script><![CDATA[{SCRIPT}]]></script>\n<rect width="{WIDTH}" height="{height}" fill="#fffdf5"/>\n'
            f'<text x="10" y="20" font-size="15">{escape(title)}</text>\n{body}\n</svg>\n')
