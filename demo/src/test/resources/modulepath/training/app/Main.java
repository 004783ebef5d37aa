package app;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Trains a quantized product for one step. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    FixedPoint format = FixedPoint.signed(8, -4);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Operand<TFloat32> x = tf.constant(new float[][] {{1, 2}});
      Variable<TFloat32> kernel =
          tf.withInitScope().withName("kernel").variable(tf.constant(new float[][] {{1}, {1}}));
      Operand<TFloat32> y =
          GraphQuantizer.layer(
              quantizer,
              QuantizedLayer.of("dense", format, format),
              () ->
                  tf.linalg.matMul(quantizer.input(new QuantizedInput("x", format), x), kernel));
      Gradients gradients = tf.gradients(y, List.of(kernel));
      Op step = tf.train.applyGradientDescent(kernel, tf.constant(0.5f), gradients.dy(0));
      try (Session session = new Session(graph)) {
        session.run(step);
        try (TFloat32 value = (TFloat32) session.runner().fetch(kernel).run().get(0)) {
          System.out.println(value.getFloat(0, 0) + " " + value.getFloat(1, 0));
        }
      }
      System.out.println(quantizer.verify().isEmpty());
    }
  }
}
