package org.slimquant.deploy.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.calibration.Distribution;
import org.slimquant.calibration.Distribution.Bin;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.Summary;

/**
 * Writes the distributions of calibration for TensorBoard, which shows them beside the figures of a
 * training.
 *
 * <pre>{@code
 * TensorBoardSummaries.write(Path.of("logs/lenet"), calibrator.statistics(), 0);
 * // tensorboard --logdir logs
 * }</pre>
 */
public final class TensorBoardSummaries {

  private TensorBoardSummaries() {}

  /**
   * Writes a histogram of each observed site, named after it, to a new event file.
   *
   * <p>Counts and extremes are those of calibration. The sums of elements and of their squares are
   * estimated; TensorBoard only takes a mean from them.
   *
   * @param folder the folder of the run; it is created if it does not exist, and files in it stay
   * @param step the training step at which the model was observed
   * @throws IOException if the file cannot be written
   */
  public static void write(Path folder, CalibrationStatistics statistics, long step)
      throws IOException {
    write(folder, statistics, step, Clock.systemUTC());
  }

  static void write(Path folder, CalibrationStatistics statistics, long step, Clock clock)
      throws IOException {
    Summary.Builder summary = Summary.newBuilder();
    for (String site : statistics.observed()) {
      statistics
          .distribution(site)
          .ifPresent(
              distribution ->
                  summary.addValue(
                      Summary.Value.newBuilder().setTag(site).setHisto(histogram(distribution))));
    }
    double seconds = clock.millis() / 1e3;
    EventFile.write(
        folder,
        clock.millis(),
        List.of(
            Event.newBuilder().setWallTime(seconds).setFileVersion("brain.Event:2").build(),
            Event.newBuilder().setWallTime(seconds).setStep(step).setSummary(summary).build()));
  }

  /**
   * Returns a distribution as TensorFlow writes one: each bucket ends at its limit and begins at
   * the one before, so a gap between two bins is an empty bucket.
   */
  private static HistogramProto histogram(Distribution distribution) {
    List<Double> limits = new ArrayList<>();
    List<Double> counts = new ArrayList<>();
    double sum = 0;
    double squares = 0;
    for (Bin bin : distribution.bins()) {
      double from = Math.max(bin.from(), distribution.min());
      double to = Math.min(bin.to(), distribution.max());
      if (limits.isEmpty() || limits.get(limits.size() - 1) < from) {
        limits.add(from);
        counts.add(0.0);
      }
      if (limits.get(limits.size() - 1) < to) {
        limits.add(to);
        counts.add((double) bin.count());
      } else {
        // A bin without width, of zeros for example, belongs to the bucket that ends there.
        counts.set(counts.size() - 1, counts.get(counts.size() - 1) + bin.count());
      }
      sum += bin.count() * (from + to) / 2;
      squares += bin.count() * (from * from + from * to + to * to) / 3;
    }
    return HistogramProto.newBuilder()
        .setMin(distribution.min())
        .setMax(distribution.max())
        .setNum((double) distribution.count())
        .setSum(sum)
        .setSumSquares(squares)
        .addAllBucketLimit(limits)
        .addAllBucket(counts)
        .build();
  }
}
