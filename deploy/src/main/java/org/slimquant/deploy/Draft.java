package org.slimquant.deploy;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * An integer op that has no name and no tensors yet.
 *
 * @param output the node whose tensor it computes
 * @param root the op that it is made of, which is named if it cannot be
 * @param reads the ids of the tensors that it reads
 * @param format the format of what it computes
 * @param body makes the op
 */
record Draft(Node output, Node root, List<String> reads, FixedPoint format, Body body) {

  /** Makes an integer op. */
  interface Body {

    /**
     * Returns the op.
     *
     * @param inputs the tensors of {@link Draft#reads}
     * @throws IllegalArgumentException if shapes, formats or sizes do not fit together
     */
    IntegerOp make(String name, List<IntegerTensor> inputs, IntegerTensor output);
  }
}
