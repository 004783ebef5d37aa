package org.slimquant.benchmarks.harness;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slimquant.demo.measures.SummaryTable;
import org.slimquant.io.AtomicFile;
import org.tensorflow.TensorFlow;

/** The figures of a run, for people and for programs. */
public final class BenchmarkReport {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final List<Overview> overviews;
  private final List<Figure> figures;

  /**
   * Creates a report.
   *
   * @param overviews tables of figures
   * @param figures the figures with a row each
   */
  public BenchmarkReport(List<Overview> overviews, List<Figure> figures) {
    this.overviews = List.copyOf(overviews);
    this.figures = List.copyOf(figures);
  }

  /** The content of the file: the figures, and the machine on which they were measured. */
  private record Run(
      String java, String tensorflow, String os, int processors, List<Row> figures) {}

  /** A figure in the file. Values that it does not have are omitted. */
  private record Row(
      String name,
      String unit,
      double value,
      double lowerQuartile,
      double upperQuartile,
      @Nullable Double goal,
      @Nullable Boolean met,
      @Nullable String elsewhere) {

    static Row of(Figure figure) {
      return new Row(
          figure.name().strip(),
          figure.unit(),
          figure.value().median(),
          figure.value().low(),
          figure.value().high(),
          figure.goal(),
          figure.met(),
          figure.elsewhere().isEmpty() ? null : figure.elsewhere());
    }
  }

  /** Returns the overviews, and a table with a row for each of the other figures. */
  public String text() {
    return Stream.concat(overviews.stream().map(Overview::text), Stream.of(table()))
        .collect(Collectors.joining("\n\n"));
  }

  private String table() {
    SummaryTable table =
        new SummaryTable("measure", "median", "quartiles", "unit", "goal", "met", "elsewhere");
    for (Figure figure : figures) {
      Quartiles value = figure.value();
      Boolean met = figure.met();
      table.row(
          figure.name(),
          number(value.median()),
          number(value.low()) + " .. " + number(value.high()),
          figure.unit(),
          figure.goal() == null ? "" : "<= " + number(figure.goal()),
          met == null ? "" : met ? "yes" : "no",
          figure.elsewhere());
    }
    return table.toString();
  }

  /**
   * Writes the figures as JSON. A reader of the file sees either the old file or the new file as a
   * whole.
   */
  public void write(Path file) throws IOException {
    Run run =
        new Run(
            Runtime.version().toString(),
            TensorFlow.version(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Stream.concat(
                    figures.stream(),
                    overviews.stream().flatMap(overview -> overview.figures().stream()))
                .map(Row::of)
                .toList());
    AtomicFile.write(file, (GSON.toJson(run) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a number with at least three significant digits, and at most three after the point. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    int decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
