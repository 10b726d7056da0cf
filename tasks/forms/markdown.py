"""A small part of Markdown to HTML: headings, paragraphs, lists, tables, bold, italic, links. Nothing else becomes HTML."""

from __future__ import annotations

from markupsafe import escape as _escape

from schuldhulp.engine.definitions.markup import Block, Heading, Items, Paragraph, Spans, Table, blocks, escape

__all__ = ["escape", "html"]


def html(text: str) -> str:
    """HTML of *text*. Headings start at level 2, as the page has the first."""
    return "".join(map(_block, blocks(text)))


def _block(block: Block) -> str:
    match block:
        case Heading(level, spans):
            level = min(level + 1, 5)
            return f'<h{level} class="utrecht-heading-{level}">{_inline(spans)}</h{level}>'
        case Paragraph(lines):
            return f'<p class="utrecht-paragraph">{"<br>".join(map(_inline, lines))}</p>'
        case Items(items, first):
            kind, name = ("ul", "unordered-list") if first is None else ("ol", "ordered-list")
            start = f' start="{first}"' if first not in (None, 1) else ""
            inner = "".join(f'<li class="utrecht-{name}__item">{_inline(item)}</li>' for item in items)
            return f'<{kind} class="utrecht-{name}"{start}>{inner}</{kind}>'
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    sides = [' class="number"' if right else "" for right in table.right]
    head = "".join(
        f'<th scope="col"{side}>{_inline(cell)}</th>' for cell, side in zip(table.head, sides, strict=True)
    )
    rows = "".join(
        "<tr>" + "".join(f"<td{side}>{_inline(cell)}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in table.rows
    )
    return f'<div class="table-box"><table class="list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _inline(spans: Spans) -> str:
    """Runs as HTML; a mark or link that goes on over several runs is opened once."""
    done, link = [], ""
    for span in spans:
        if span.link != link:
            done.append("</a>" if link else "")
            if span.link:
                done.append(f'<a class="utrecht-link utrecht-link--html-a" href="{_escape(span.link)}">')
            link = span.link
        words = str(_escape(span.text))
        words = f"<em>{words}</em>" if span.italic else words
        done.append(f"<strong>{words}</strong>" if span.bold else words)
    return "".join(done) + ("</a>" if link else "")
