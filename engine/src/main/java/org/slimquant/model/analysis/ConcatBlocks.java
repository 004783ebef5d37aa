package org.slimquant.model.analysis;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerTensor;

/**
 * The blocks in which one input of a concat is copied to the output. With {@code outer} and {@code
 * inner} the sizes of the axes before and after the concat's axis,
 *
 * <pre>{@code
 * count  = outer
 * size   = length of the input * inner
 * stride = length of the output * inner
 * first  = lengths of the inputs before * inner
 * y[first + b * stride + i] = code(x[b * size + i])      b < count, i < size
 * }</pre>
 *
 * @param input the input
 * @param count the number of blocks
 * @param size the codes of a block
 * @param first the place in the output of the first block
 * @param stride the codes in the output from one block to the next
 */
public record ConcatBlocks(IntegerTensor input, int count, int size, int first, int stride) {

  /** Returns the blocks of each input of a concat. */
  public static List<ConcatBlocks> of(Concat concat) {
    List<Integer> shape = concat.output().shape();
    int axis = concat.axis();
    int outer = product(shape.subList(0, axis));
    int inner = product(shape.subList(axis + 1, shape.size()));
    List<ConcatBlocks> blocks = new ArrayList<>();
    int first = 0;
    for (IntegerTensor input : concat.inputs()) {
      int size = input.shape().get(axis) * inner;
      blocks.add(new ConcatBlocks(input, outer, size, first, shape.get(axis) * inner));
      first += size;
    }
    return List.copyOf(blocks);
  }

  private static int product(List<Integer> lengths) {
    return lengths.stream().reduce(1, Math::multiplyExact);
  }
}
