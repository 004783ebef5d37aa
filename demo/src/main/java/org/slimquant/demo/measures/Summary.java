package org.slimquant.demo.measures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.Format;
import org.slimquant.plan.Source;

/**
 * The figures of a run, for programs to read.
 *
 * @param epochs the number of times that the float model saw each image
 * @param fineTuningEpochs the number of times that the further trained models saw each image after
 *     that
 * @param floatAccuracy the share of the test part that the float model gets right, 0 to 1
 * @param ptqAccuracy the share for its weights, quantized and not trained
 * @param quantizedAccuracy the share for the quantized model, after the training through int8
 * @param trainedOnAccuracy the share for the float model, after as much further training
 * @param floatStepMillis the median time of a training step of the float model
 * @param quantizedStepMillis the median time of a training step of the quantized model
 * @param sites the quantized tensors
 * @param savedModelIdentical whether the saved model, loaded again, computes the same logits, bit
 *     for bit
 * @param reportPath the path of the report
 * @param integers the figures of the integer model; the file lists them with the others
 */
public record Summary(
    int epochs,
    int fineTuningEpochs,
    double floatAccuracy,
    double ptqAccuracy,
    double quantizedAccuracy,
    double trainedOnAccuracy,
    double floatStepMillis,
    double quantizedStepMillis,
    List<Site> sites,
    boolean savedModelIdentical,
    String reportPath,
    Integers integers) {

  /**
   * A quantized tensor.
   *
   * @param name the name of its fake quant
   * @param bits the width of a code
   * @param frac the exponent of the step; null if channels have different ones
   * @param fracs the exponents of the channels' steps; null if there is one for all
   * @param signed whether codes are symmetric about 0
   * @param source the source of the format: {@code annotation}, {@code calibration by MIN_MSE} or
   *     {@code derived}
   * @param min the smallest element before it is quantized
   * @param max the largest element before it is quantized
   * @param clippedShare the share of the elements that the format cannot hold, 0 to 1
   * @param lostShare the share of the elements that are not 0 that become 0, 0 to 1
   * @param sqnrDb the signal-to-quantization-noise ratio in decibels; null if nothing is lost
   */
  public record Site(
      String name,
      int bits,
      @Nullable Integer frac,
      @Nullable List<Integer> fracs,
      boolean signed,
      String source,
      float min,
      float max,
      double clippedShare,
      double lostShare,
      @Nullable Double sqnrDb) {

    /** Returns the summary of a measured tensor. */
    public static Site of(SiteMeasure measure) {
      Format format = measure.site().format();
      boolean one = format.fracs().size() == 1;
      return new Site(
          measure.site().name(),
          format.bits(),
          one ? format.fracs().get(0) : null,
          one ? null : format.fracs(),
          format.signed(),
          source(measure.site().source()),
          measure.min(),
          measure.max(),
          measure.clippedShare(),
          measure.lostShare(),
          Double.isFinite(measure.sqnrDb()) ? measure.sqnrDb() : null);
    }

    private static String source(Source source) {
      return source instanceof Source.Calibration calibration
          ? "calibration by " + calibration.method()
          : source.toString();
    }
  }

  /** Creates a summary. */
  public Summary {
    sites = List.copyOf(sites);
  }

  /** Writes the summary as JSON. */
  public void write(Path file) throws IOException {
    JsonFile.write(file, this);
  }

  /** Returns a table with a row for each model, and the memory of the integers below. */
  @Override
  public String toString() {
    String longer = "%d + %d".formatted(epochs, fineTuningEpochs);
    SummaryTable table = new SummaryTable("model", "epochs", "accuracy", "time per step");
    table.row("float", Integer.toString(epochs), share(floatAccuracy), "");
    table.row("PTQ", Integer.toString(epochs), share(ptqAccuracy), "");
    table.row("QAT", longer, share(quantizedAccuracy), millis(quantizedStepMillis));
    table.row("QAT, as integers", longer, share(integers.integerAccuracy()), "");
    table.row("float, trained on", longer, share(trainedOnAccuracy), millis(floatStepMillis));
    return table + "\n\n" + integers;
  }

  private static String share(double accuracy) {
    return String.format(Locale.ROOT, "%.4f", accuracy);
  }

  private static String millis(double stepMillis) {
    return String.format(Locale.ROOT, "%.2f ms", stepMillis);
  }
}
