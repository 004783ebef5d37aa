package org.slimquant.deploy.compile.table;

import org.slimquant.format.FixedPoint;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

/** Runs TensorFlow's fake quant, whose codes a table has. */
final class FakeQuantRun {

  private FakeQuantRun() {}

  /** Returns the codes that a fake quant gives to numbers, none of which is NaN. */
  static int[] codes(float[] numbers, FixedPoint format) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(numbers.length)));
      FakeQuantWithMinMaxVars rounded =
          tf.quantization.fakeQuantWithMinMaxVars(
              x,
              tf.constant(format.min()),
              tf.constant(format.max()),
              FakeQuantWithMinMaxVars.numBits((long) format.bits()),
              FakeQuantWithMinMaxVars.narrowRange(format.signed()));
      try (Session session = new Session(graph);
          TFloat32 fed = TFloat32.tensorOf(NdArrays.vectorOf(numbers));
          Result result = session.runner().feed(x, fed).fetch(rounded).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        int[] codes = new int[numbers.length];
        for (int i = 0; i < codes.length; i++) {
          // The quotient is whole, or the op has rounded to no code.
          codes[i] = format.quantize(values.getFloat(i));
        }
        return codes;
      }
    }
  }
}
