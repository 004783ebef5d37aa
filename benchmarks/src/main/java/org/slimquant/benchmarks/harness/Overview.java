package org.slimquant.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.demo.measures.SummaryTable;

/**
 * Figures side by side, for comparison. The table shows the median of each.
 *
 * @param title the title of the table
 * @param headings one for each label of a row and for each of its cells
 * @param notes remarks to print with it
 */
public record Overview(String title, List<String> headings, List<Row> rows, List<String> notes) {

  /**
   * The figures of one case.
   *
   * @param labels the labels that identify the case
   * @param cells a figure for each column, or none if nothing was measured
   */
  public record Row(List<String> labels, List<Optional<Figure>> cells) {
    public Row {
      labels = List.copyOf(labels);
      cells = List.copyOf(cells);
    }
  }

  public Overview {
    headings = List.copyOf(headings);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /** Returns the figures, row by row. */
  public List<Figure> figures() {
    return rows.stream().flatMap(row -> row.cells().stream()).flatMap(Optional::stream).toList();
  }

  /** Returns the title, the table and the notes. */
  public String text() {
    SummaryTable table = new SummaryTable(headings.toArray(String[]::new));
    for (Row row : rows) {
      Stream<String> medians =
          row.cells().stream().map(cell -> cell.map(Overview::median).orElse(""));
      table.row(Stream.concat(row.labels().stream(), medians).toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>(List.of(title, "", table.toString()));
    lines.addAll(notes);
    return String.join("\n", lines);
  }

  private static String median(Figure figure) {
    return BenchmarkReport.number(figure.value().median());
  }
}
