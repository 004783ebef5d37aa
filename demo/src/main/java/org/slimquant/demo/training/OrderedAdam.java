package org.slimquant.demo.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam (Kingma and Ba, 2015) with the order of its updates fixed, so that a training can be
 * repeated to the last bit.
 *
 * <p>The library's Adam lets the powers of its decay rates advance while the variables' updates
 * still read them: sometimes a variable is moved by the factor of the next step. Here the powers
 * advance after all variables are updated.
 */
public final class OrderedAdam extends Adam {

  /** Creates an optimizer of a graph. */
  public OrderedAdam(Graph graph, float learningRate) {
    super(graph, learningRate);
  }

  @Override
  protected Op finish(List<Op> updates, String name) {
    Ops afterUpdates = tf.withControlDependencies(updates);
    List<Op> all = new ArrayList<>(updates);
    all.add(advance(afterUpdates, "beta1_power", BETA_ONE_DEFAULT));
    all.add(advance(afterUpdates, "beta2_power", BETA_TWO_DEFAULT));
    return tf.withControlDependencies(all).withName(name).noOp();
  }

  /** Multiplies a power, which the library keeps in a variable, by its rate. */
  private Op advance(Ops tf, String variable, float rate) {
    Operand<TFloat32> power = graph.outputOrThrow(variable).expect(TFloat32.class);
    return tf.assign(power, tf.math.mul(power, tf.constant(rate)));
  }
}
