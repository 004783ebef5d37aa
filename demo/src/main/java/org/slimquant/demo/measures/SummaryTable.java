package org.slimquant.demo.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text in columns, with a line below the heading. */
public final class SummaryTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** Creates a table with a heading for each column. */
  public SummaryTable(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row with a cell for each column. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** Returns the lines of the table, without a line break at the end. */
  @Override
  public String toString() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(
          IntStream.range(0, widths.length)
              .mapToObj(column -> pad(row.get(column), widths[column]))
              .collect(Collectors.joining("  "))
              .stripTrailing());
    }
    lines.add(1, IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ")));
    return String.join("\n", lines);
  }

  private static String pad(String cell, int width) {
    return cell + " ".repeat(width - cell.length());
  }
}
