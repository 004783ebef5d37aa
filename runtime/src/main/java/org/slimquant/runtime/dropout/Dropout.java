package org.slimquant.runtime.dropout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;

/**
 * Dropout: the ops that set random elements of a tensor to 0 while a model trains, and that are not
 * there when it is deployed.
 *
 * <pre>{@code
 * x ─▶ Mul 1/keep ─▶ Mul ─▶ y                      x ─▶ RealDiv keep ─▶ SelectV2 ─▶ y
 * RandomUniform ─▶ GreaterEqual ─▶ Cast ─▲          RandomUniform ─▶ Less ─▲  ▲─ 0
 *
 * x ─▶ RealDiv keep ─▶ Mul ─▶ y                    x ─┬─▶ … dropout … ─▶ SelectV2 ─▶ y
 * RandomUniform ─▶ Add keep ─▶ Floor ─▲               └────────────────────▲  ▲─ whether it trains
 * }</pre>
 *
 * <p>TensorFlow has no op for it. This class recognizes every product of one tensor with random
 * masks and with scalars, in any order, and every choice between such a product and the tensor
 * itself. A mask is 1 where a uniformly distributed number is on one side of a scalar, and 0
 * elsewhere. The scalars may be constants, fed, or computed from such scalars.
 *
 * <p><b>The grid is that of the tensor itself.</b> While a model trains, {@code x / keep} lies on
 * another one, unless keep is a power of two. But the deployed model reads x, and a bias is rounded
 * to the accumulator that is deployed. So the grid of the output of a dropout is that of its input.
 */
public final class Dropout {

  private static final Set<String> LAST =
      Set.of("Div", "Merge", "Mul", "RealDiv", "Select", "SelectV2");

  private final Output<?> data;
  private final List<DropoutPath> paths;

  private Dropout(Output<?> data, List<DropoutPath> paths) {
    this.data = data;
    this.paths = paths;
  }

  /**
   * Returns the dropout whose last op is the given one, if there is one.
   *
   * @param operation an op of a graph
   */
  public static Optional<Dropout> of(GraphOperation operation) {
    if (!LAST.contains(operation.type())) {
      return Optional.empty();
    }
    DropoutFactors factors = DropoutFactors.of(operation.output(0));
    boolean random = factors.paths().stream().anyMatch(path -> !path.masks().isEmpty());
    return factors
        .data()
        .filter(data -> random && sameShape(data.shape(), operation.output(0).shape()))
        .map(data -> new Dropout(data, factors.paths()));
  }

  /** Returns the tensor whose elements are dropped: the deployed model reads it. */
  public Output<?> data() {
    return data;
  }

  /**
   * Returns the average factor of an element: 1 for dropout that can be left out when the model is
   * deployed. If there is a choice, the average is the one that is farthest from 1.
   *
   * <p>Fed scalars are tried with 1/4; the condition that the model trains is tried with true.
   *
   * @param session a session of the graph
   * @throws IllegalStateException if variables have no value; the message names them
   */
  public double meanFactor(Session session) {
    List<Output<?>> scalars = paths.stream().flatMap(DropoutPath::scalars).distinct().toList();
    Map<Output<?>, Double> values = new HashMap<>(FedScalars.values(session, scalars));
    double farthest = 1;
    for (DropoutPath path : paths) {
      double mean = path.mean(values);
      if (!(Math.abs(mean - 1) <= Math.abs(farthest - 1))) {
        farthest = mean;
      }
    }
    return farthest;
  }

  /** A mask may be smaller than the tensor, but must not make it larger. */
  private static boolean sameShape(Shape data, Shape dropped) {
    if (data.isUnknown() || dropped.isUnknown()) {
      return true;
    }
    return data.numDimensions() == dropped.numDimensions()
        && Stream.iterate(0, i -> i + 1)
            .limit(data.numDimensions())
            .allMatch(
                i ->
                    data.get(i) == dropped.get(i)
                        || data.get(i) == Shape.UNKNOWN_SIZE
                        || dropped.get(i) == Shape.UNKNOWN_SIZE);
  }
}
