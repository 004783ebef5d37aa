package org.slimquant.deploy.compile.graph;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * An integer op whose tensors are not made yet. It is the payload of a node with the same inputs.
 *
 * @param name the name of the op, if no other op has it
 * @param root the op of TensorFlow from which it is made; this op is refused if the integer op
 *     cannot be made
 * @param format the format of its output
 * @param body the function that makes the op
 */
public record PendingOp(String name, Node root, FixedPoint format, Body body)
    implements NodePayload {

  /** Makes an integer op. */
  public interface Body {

    /**
     * Returns the op.
     *
     * @param inputs the tensors that the node reads
     * @throws IllegalArgumentException if shapes, formats or sizes do not fit together
     */
    IntegerOp make(String name, List<IntegerTensor> inputs, IntegerTensor output);
  }
}
