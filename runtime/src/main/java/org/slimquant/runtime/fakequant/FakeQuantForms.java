package org.slimquant.runtime.fakequant;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slimquant.format.FixedPoint;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;

/**
 * Reads fake quants back from a graph, those of this library and those made by hand. They are
 * recognized by their op and the values of its bounds:
 *
 * <pre>{@code
 * x, min, max ─▶ FakeQuantWithMinMaxVars                         one op
 * clip ─▶ (+ stop gradient(FakeQuantWithMinMaxVars - clip))      composed
 * Select(chosen, stop gradient(fake quant), x)                   probed
 * }</pre>
 */
public final class FakeQuantForms {

  private static final String FAKE_QUANT = FakeQuantWithMinMaxVars.OP_NAME;

  /** The values of bounds that were read, which all fake quants of one format share. */
  private final Map<Output<?>, Optional<Float>> constants = new HashMap<>();

  /** Returns the format that an op, the last of a fake quant, rounds to with one step. */
  public Optional<FixedPoint> format(GraphOperation operation) {
    if (operation.type().equals(FAKE_QUANT)) {
      return formatOfBounds(operation);
    }
    return ProbePlacement.fakeQuant(operation).or(() -> composed(operation)).flatMap(this::format);
  }

  /** Returns the op that rounds, of a fake quant that is composed of several. */
  private static Optional<GraphOperation> composed(GraphOperation operation) {
    return reads(operation, "AddV2", 1, "StopGradient")
        .flatMap(stop -> reads(stop, "StopGradient", 0, "Sub"))
        .flatMap(change -> reads(change, "Sub", 0, FAKE_QUANT));
  }

  private static Optional<GraphOperation> reads(
      GraphOperation operation, String type, int index, String inputType) {
    return operation.type().equals(type) && operation.input(index).op().type().equals(inputType)
        ? Optional.of((GraphOperation) operation.input(index).op())
        : Optional.empty();
  }

  /** Returns the format whose smallest and largest value an op clamps to, if there is one. */
  private Optional<FixedPoint> formatOfBounds(GraphOperation fakeQuant) {
    int bits = (int) fakeQuant.attributes().getAttrInt("num_bits");
    boolean signed = fakeQuant.attributes().getAttrBool("narrow_range");
    Optional<Float> min = constants.computeIfAbsent(fakeQuant.input(1), FakeQuantForms::constant);
    Optional<Float> max = constants.computeIfAbsent(fakeQuant.input(2), FakeQuantForms::constant);
    if (min.isEmpty() || max.isEmpty()) {
      return Optional.empty();
    }
    // The largest code has as many significant bits as the largest value: the rest is the step.
    int frac =
        Math.getExponent(max.get())
            - Math.getExponent((float) FixedPoint.signed(bits, 0).maxCode())
            - (signed ? 0 : 1);
    return FixedPoint.find(bits, frac, signed)
        .filter(format -> format.min() == min.get() && format.max() == max.get());
  }

  /** Returns the value of a bound; a probe scales it by a factor that is 1 if nothing is fed. */
  private static Optional<Float> constant(Output<?> bound) {
    GraphOperation operation = (GraphOperation) bound.op();
    if (operation.type().equals("Mul")
        && ProbePlacement.isSwitch((GraphOperation) operation.input(1).op())) {
      return constant(operation.input(0));
    }
    if (!operation.type().equals("Const")) {
      return Optional.empty();
    }
    try (Tensor value = operation.attributes().getAttrTensor("value")) {
      return value.size() == 1
          ? Optional.of(value.asRawTensor().data().asFloats().getFloat(0))
          : Optional.empty();
    }
  }
}
