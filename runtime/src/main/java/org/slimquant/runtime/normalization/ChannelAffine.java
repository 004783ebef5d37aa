package org.slimquant.runtime.normalization;

import java.util.List;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * What a chain of ops does to the sums of a channel: {@code x -> scale * x + shift}.
 *
 * <pre>{@code
 * x ─▶ + b ─▶ (x - μ) / √(σ² + ε) · γ + β ─▶        the chain
 * s = γ / √(σ² + ε)                                  scale
 * β - (μ - b) · s                                    shift
 * }</pre>
 *
 * <p>Scale and shift are vectors with an element for each channel. If the normalization is the
 * fused op, the gradients of its statistics μ and σ² are 0, because an optimizer must not train
 * them.
 *
 * @param ops adds the ops that compute them
 * @param channels the number of channels
 * @param scale the scale, absent for 1
 * @param shift the shift, absent for 0
 */
record ChannelAffine(
    FoldOps ops, int channels, Optional<Output<?>> scale, Optional<Output<?>> shift) {

  /** Returns the effect of ops one after the other. */
  static ChannelAffine of(FoldOps ops, int channels, List<ChainOp> chain) {
    ChannelAffine affine = new ChannelAffine(ops, channels, Optional.empty(), Optional.empty());
    for (int i = 0; i < chain.size(); i++) {
      affine = affine.then(chain.get(i), "%d".formatted(i));
    }
    return affine;
  }

  private ChannelAffine then(ChainOp op, String number) {
    return switch (op.kind()) {
      case SHAPE -> this;
      case ADD -> plus("AddV2", number, op.weight());
      case SUBTRACT -> minus(number, op.weight());
      case SUBTRACT_FROM ->
          times("Mul", number, minusOne(number)).plus("AddV2", number, op.weight());
      case MULTIPLY -> times("Mul", number, op.weight());
      case DIVIDE -> times("RealDiv", number, op.weight());
      case NORMALIZE -> {
        GraphOperation fused = op.data().reader();
        yield normalized(number, fused, fused.input(3), fused.input(4));
      }
      case NORMALIZE_BATCH -> throw new IllegalArgumentException("%s".formatted(op));
    };
  }

  private Output<?> minusOne(String number) {
    return ops.floats("minus_one" + number, -1, channels);
  }

  private ChannelAffine plus(String type, String number, Output<?> weight) {
    Output<?> added = vector("term" + number, weight);
    return new ChannelAffine(
        ops,
        channels,
        scale,
        Optional.of(
            shift
                .<Output<?>>map(before -> ops.add(type, "sum" + number, before, added))
                .orElse(added)));
  }

  private ChannelAffine minus(String number, Output<?> weight) {
    return shift.isPresent()
        ? plus("Sub", number, weight)
        : plus("AddV2", number, ops.add("Neg", "negative" + number, weight));
  }

  /** Multiplies or divides. */
  private ChannelAffine times(String type, String number, Output<?> weight) {
    Output<?> factor = vector("factor" + number, weight);
    boolean first = scale.isEmpty() && type.equals("Mul");
    Output<?> before =
        scale.orElseGet(() -> first ? factor : ops.floats("one" + number, 1, channels));
    return new ChannelAffine(
        ops,
        channels,
        Optional.of(first ? factor : ops.add(type, "scale" + number, before, factor)),
        shift.map(term -> ops.add(type, "shift" + number, term, factor)));
  }

  /**
   * Returns this effect, followed by a fused normalization.
   *
   * @param mean the mean by which it normalizes
   * @param variance the variance by which it normalizes
   */
  ChannelAffine normalized(
      String number, GraphOperation normalization, Output<?> mean, Output<?> variance) {
    Output<?> constantMean = ops.untrained("mean" + number, mean);
    Output<?> constantVariance = ops.untrained("variance" + number, variance);
    Output<?> factor = scale(number, normalization, constantVariance);
    Output<?> centre =
        shift
            .<Output<?>>map(term -> ops.add("Sub", "centre" + number, constantMean, term))
            .orElse(constantMean);
    Output<?> scaled = ops.add("Mul", "scaled" + number, centre, factor);
    return new ChannelAffine(
        ops,
        channels,
        Optional.of(
            scale
                .<Output<?>>map(before -> ops.add("Mul", "scale" + number, before, factor))
                .orElse(factor)),
        Optional.of(ops.add("Sub", "shift" + number, normalization.input(2), scaled)));
  }

  /** Adds γ / √(σ² + ε). */
  private Output<?> scale(String number, GraphOperation normalization, Output<?> variance) {
    Output<?> epsilon =
        ops.number("epsilon" + number, normalization.attributes().getAttrFloat("epsilon"));
    Output<?> sum = ops.add("AddV2", "variance_epsilon" + number, variance, epsilon);
    return ops.add(
        "Mul",
        "gamma" + number,
        normalization.input(1),
        ops.add("Rsqrt", "deviation" + number, sum));
  }

  /** Returns a weight as a vector with an element for each channel. */
  private Output<?> vector(String name, Output<?> weight) {
    Shape shape = weight.shape();
    if (shape.equals(Shape.of(channels))) {
      return weight;
    }
    Output<?> flat = ops.reshape(name + "_flat", weight, Shape.of(shape.size()));
    // The gradient of a product is summed over the channels that the number was repeated for.
    return shape.size() == channels
        ? flat
        : ops.add("Mul", name, flat, ops.floats(name + "_ones", 1, channels));
  }
}
