package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Reshape;

/**
 * What each tensor of a model can hold when the C code runs.
 *
 * <p>The input is all that its C type holds: nobody checks the bytes that a caller passes in, and
 * no sum may overflow because of them.
 */
final class HeldCodes {

  private final Map<IntegerTensor, CodeRange> ranges = new LinkedHashMap<>();

  HeldCodes(IntegerModel model) {
    ranges.put(model.input(), CType.of(model.input()).range());
    for (IntegerOp op : model.ops()) {
      ranges.put(op.output(), range(op));
    }
  }

  private CodeRange range(IntegerOp op) {
    if (op instanceof MaxPool || op instanceof Reshape) {
      return of(op.inputs().get(0));
    } else if (op instanceof Pad pad) {
      CodeRange inside = of(pad.input());
      return new CodeRange(Math.min(0, inside.min()), Math.max(0, inside.max()));
    }
    return op.range();
  }

  /** Returns the least and the largest code that a tensor can hold. */
  CodeRange of(IntegerTensor tensor) {
    CodeRange range = ranges.get(tensor);
    if (range == null) {
      throw new IllegalStateException(
          "a model must have the tensors it reads, but lacks " + tensor);
    }
    return range;
  }

  /** Returns the largest magnitude that a tensor can hold. */
  int magnitude(IntegerTensor tensor) {
    CodeRange range = of(tensor);
    return Math.max(Math.abs(range.min()), Math.abs(range.max()));
  }

  /** Returns the type to multiply a tensor's codes as: unsigned where none is negative. */
  CType factor(IntegerTensor tensor) {
    CType type = CType.of(tensor);
    return type == CType.INT8 && of(tensor).min() >= 0 ? CType.UINT8 : type;
  }
}
