package org.slimquant.deploy.compile.match;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.ArrangedKernel;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Float32;
import org.slimquant.format.Format;
import org.slimquant.model.Codes;
import org.slimquant.model.Kernel;

/**
 * The codes of a layer's kernel and bias: the values that TensorFlow computes with, divided by
 * their steps. Nothing is rounded here. A value that is not a multiple of its step is refused.
 */
final class Weights {

  private static final int KERNEL = 1;

  private final FusedOp fused;
  private final Literal values;
  private final String name;
  private final Optional<ArrangedKernel> arranged;
  private final Format format;
  private final int channels;

  private Weights(FusedOp fused, Literal values, int channels) {
    this.fused = fused;
    this.values = values;
    this.channels = channels;
    this.arranged = fused.rootInput(KERNEL).arrangedKernel();
    this.name = arranged.map(ArrangedKernel::kernel).orElse(fused.rootInput(KERNEL).op());
    int planned = arranged.map(ArrangedKernel::count).orElse(channels);
    Optional<Format> site =
        fused.root().attributes().flag(Factors.FLAG)
            ? Optional.of(Factors.format(values.elements()))
            : fused.context().format(name).filter(found -> !(found instanceof BiasFormat));
    if (site.isEmpty()) {
      throw new RefusedException(
          fused.root(),
          "its kernel %s has no format".formatted(name),
          "annotate the layer's method with @QuantInt8");
    }
    this.format = site.get();
    if (format.fracs().size() != 1 && format.fracs().size() != planned) {
      throw new RefusedException(
          fused.root(),
          "its kernel %s has %d output channels, but %d exponents in the plan"
              .formatted(name, planned, format.fracs().size()),
          "compile with the plan of the quantizer that built this graph");
    }
  }

  /**
   * Returns the weights of a fused op's root.
   *
   * @param values the kernel, its output channels last
   * @param channels the number of output channels
   * @throws RefusedException if the kernel has no format
   */
  static Weights of(FusedOp fused, Literal values, int channels) {
    return new Weights(fused, values, channels);
  }

  /**
   * Returns the kernel.
   *
   * @throws RefusedException if an element has no code
   */
  Kernel kernel() {
    int maxCode = (1 << (format.signed() ? format.bits() - 1 : format.bits())) - 1;
    int minCode = format.signed() ? -maxCode : 0;
    int[] codes = new int[values.elements().length];
    for (int i = 0; i < codes.length; i++) {
      double code = Math.scalb(values.elements()[i], -exponent(i % channels));
      requireNumber(fused.root(), "its kernel %s holds NaN".formatted(name), code);
      if (code != Math.rint(code) || code < minCode || code > maxCode) {
        throw new RefusedException(
            fused.root(),
            "its kernel %s holds %s, which is no number of %s"
                .formatted(name, values.elements()[i], format),
            "compile with the plan of the quantizer that built this graph");
      }
      codes[i] = (int) code;
    }
    return new Kernel(values.shape(), format.bits(), format.signed(), exponents(), Codes.of(codes));
  }

  /** Returns the exponent of the kernel, or that of each of its output channels. */
  private List<Integer> exponents() {
    return format.fracs().size() == 1
        ? format.fracs()
        : IntStream.range(0, channels).mapToObj(this::exponent).toList();
  }

  /** Diverged training leaves NaN, and another plan would not help. */
  private static void requireNumber(Node node, String reason, double value) {
    if (Double.isNaN(value)) {
      throw new RefusedException(
          node,
          reason,
          "train again with a smaller learning rate, or restore an earlier checkpoint");
    }
  }

  private int exponent(int channel) {
    List<Integer> fracs = format.fracs();
    return fracs.get(
        fracs.size() == 1
            ? 0
            : arranged.map(kernel -> kernel.channels().get(channel)).orElse(channel));
  }

  /**
   * Returns the sum of all constants that are added in each output channel, on the grid of the
   * accumulator.
   *
   * @throws RefusedException if a constant does not lie along the channels, or is not on the grid
   */
  Codes bias() {
    double[] sums = new double[channels];
    double[] magnitudes = new double[channels];
    for (Node bias : fused.biases()) {
      Literal addend = addend(bias);
      for (int channel = 0; channel < channels; channel++) {
        double value = addend.elements()[addend.elements().length == 1 ? 0 : channel];
        int exponent = fused.inputFormat(0).frac() + exponent(channel);
        double code = Math.scalb(value, -exponent);
        requireNumber(bias, "adds NaN in channel %d".formatted(channel), code);
        // Sums of codes below 2^31 are exact; any other sum fails here.
        sums[channel] += code;
        magnitudes[channel] += Math.abs(code);
        if (code == Math.rint(code) && Math.abs(sums[channel]) > Integer.MAX_VALUE) {
          throw new RefusedException(
              bias,
              "adds %s in channel %d, with which what is added exceeds the 32 bits of the accumulator's step 2^%d"
                  .formatted(value, channel, exponent),
              "calibrate again, or let the layer's kernelFrac be larger or its bits fewer");
        }
        if (code != Math.rint(code)) {
          throw new RefusedException(
              bias,
              "adds %s in channel %d, which is no 32-bit code of the accumulator's step 2^%d"
                  .formatted(value, channel, exponent),
              "quantize the layer's input, and build its bias inside of its method");
        }
      }
    }
    requireNoneLost(sums, magnitudes);
    int[] codes = new int[channels];
    for (int channel = 0; channel < channels; channel++) {
      codes[channel] = (int) sums[channel];
    }
    return Codes.of(codes);
  }

  /**
   * Checks that addends of different signs leave room for the products. The integer model has only
   * their sum. If float32 rounds because a large addend is added and subtracted again, no
   * certificate could see it.
   */
  private void requireNoneLost(double[] sums, double[] magnitudes) {
    double[] products = new double[channels];
    for (int i = 0; i < values.elements().length; i++) {
      int channel = i % channels;
      products[channel] += Math.abs(Math.scalb(values.elements()[i], -exponent(channel)));
    }
    int largest = fused.inputFormat(0).maxCode();
    for (int channel = 0; channel < channels; channel++) {
      boolean cancel = magnitudes[channel] > Math.abs(sums[channel]);
      if (cancel && products[channel] * largest + magnitudes[channel] > Float32.LARGEST_EXACT) {
        throw new RefusedException(
            fused.biases().get(0),
            "adds to %s, after another constant, one of the other sign in channel %d, and float32 rounds in between"
                .formatted(fused.root().op(), channel),
            "add one constant, their sum");
      }
    }
  }

  private Literal addend(Node bias) {
    int input = FusedOp.addend(fused.context().graph(), bias).orElseThrow();
    Literal addend =
        fused
            .context()
            .graph()
            .node(bias.inputs().get(input))
            .literal()
            .orElseThrow(
                () ->
                    new RefusedException(
                        bias,
                        "its bias %s is computed from data".formatted(bias.inputs().get(input)),
                        "let it be a constant or a variable"));
    boolean alongChannels =
        addend.isVector()
            && (addend.elements().length == 1 || addend.elements().length == channels)
            && bias.shape().equals(fused.root().shape())
            && !bias.attributes().text("data_format").startsWith("NC");
    if (!alongChannels) {
      throw new RefusedException(
          bias,
          "its bias of shape %s does not lie along the %d output channels of %s"
              .formatted(addend.shape(), channels, fused.root().op()),
          "add a vector along the last axis");
    }
    return addend;
  }
}
