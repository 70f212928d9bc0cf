package io.shelfcast.report;

/** What a section of a report is made of, one below the other. */
public sealed interface Block
    permits Paragraph, Subheading, Note, Verbatim, Table, LinePlot, SmallMultiples {}
