package org.slimquant.io;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in plain text: columns are left-aligned and two spaces apart. */
public final class TextTable {

  private TextTable() {}

  /**
   * Returns rows as lines.
   *
   * @param rows the cells of each row. A row may have fewer than the first: its last cell may then
   *     be wider than its column
   */
  public static String of(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      int cells = row.size() < columns ? row.size() - 1 : columns;
      for (int i = 0; i < cells; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> padded(row.get(i), widths[i]))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }
}
