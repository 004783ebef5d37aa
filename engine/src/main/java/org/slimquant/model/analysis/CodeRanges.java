package org.slimquant.model.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.OpCases;
import org.slimquant.model.Requantize;
import org.slimquant.model.WeightedOp;

/**
 * The smallest and the largest code that each tensor of a model can hold.
 *
 * <p>An op that moves codes or chooses among them keeps the range of its input, and a pad adds its
 * own code to it. Any other op clamps its output to its own range:
 *
 * <pre>{@code
 * range(y) = range(x)                 MaxPool, Reshape, Slice, Tile, Transpose
 * range(y) = range(x) ∪ {code}        Pad
 * range(y) = table[range(x)]          Table
 * range(y) = op.range()               any other op, clamped
 * range(y) = code(bounds of its sum)  any other op, computed
 * }</pre>
 */
public final class CodeRanges {

  private final Map<String, CodeRange> ranges = new LinkedHashMap<>();

  private CodeRanges(IntegerModel model, Function<IntegerTensor, CodeRange> inputs) {
    model.inputs().forEach(input -> ranges.put(input.name(), inputs.apply(input)));
  }

  /** Returns the ranges that the clamps of a model leave, for any codes of its inputs' formats. */
  public static CodeRanges clamped(IntegerModel model) {
    return clamped(model, CodeRanges::ofFormat);
  }

  /**
   * Returns the ranges that the clamps of a model leave.
   *
   * @param inputs the codes that each input can have
   */
  public static CodeRanges clamped(IntegerModel model, Function<IntegerTensor, CodeRange> inputs) {
    CodeRanges ranges = new CodeRanges(model, inputs);
    return ranges.with(model.ops(), new ClampedRanges(ranges));
  }

  /**
   * Returns the ranges that the sums and the clamps of a model leave, for any codes of its inputs'
   * formats.
   */
  public static CodeRanges computed(IntegerModel model) {
    CodeRanges ranges = new CodeRanges(model, CodeRanges::ofFormat);
    return ranges.with(model.ops(), ranges.new Computed());
  }

  private static CodeRange ofFormat(IntegerTensor tensor) {
    return CodeRange.all(tensor.format());
  }

  private CodeRanges with(List<IntegerOp> ops, OpCases<CodeRange> cases) {
    ops.forEach(op -> ranges.put(op.output().name(), op.apply(cases)));
    return this;
  }

  /**
   * Returns the range of a tensor.
   *
   * @throws IllegalArgumentException if the model has no such tensor
   */
  public CodeRange of(IntegerTensor tensor) {
    CodeRange range = ranges.get(tensor.name());
    if (range == null) {
      throw new IllegalArgumentException(
          "a tensor must be one of the model's, but %s is not".formatted(tensor));
    }
    return range;
  }

  /** Returns the largest magnitude of a tensor's codes. */
  public int magnitude(IntegerTensor tensor) {
    CodeRange range = of(tensor);
    return Math.max(Math.abs(range.min()), Math.abs(range.max()));
  }

  /** The ranges that sums and clamps leave together. */
  private final class Computed extends ClampedRanges {

    Computed() {
      super(CodeRanges.this);
    }

    @Override
    public CodeRange conv2D(Conv2D conv) {
      return layer(conv);
    }

    @Override
    public CodeRange depthwiseConv2D(DepthwiseConv2D conv) {
      return layer(conv);
    }

    @Override
    public CodeRange dense(Dense dense) {
      return layer(dense);
    }

    private CodeRange layer(WeightedOp layer) {
      List<SumBounds> sums = SumBounds.of(layer, of(layer.input()));
      CodeRange all = sums.get(0).codes(layer.shift(0), layer.range());
      for (int channel = 1; channel < sums.size(); channel++) {
        all = union(all, sums.get(channel).codes(layer.shift(channel), layer.range()));
      }
      return all;
    }

    /** A mean lies between the smallest and the largest code. */
    @Override
    public CodeRange averagePool(AveragePool pool) {
      return rounded(pool, pool.input());
    }

    @Override
    public CodeRange binary(BinaryOp op) {
      SumBounds result = SumBounds.of(op, of(op.left()), of(op.right()));
      return result.codes(op.output().format().frac() - op.resultExponent(), op.range());
    }

    @Override
    public CodeRange matMul(MatMul product) {
      SumBounds sums = SumBounds.of(product, of(product.left()), of(product.right()));
      return sums.codes(product.output().format().frac() - product.sumExponent(), product.range());
    }

    @Override
    public CodeRange concat(Concat concat) {
      return concat.inputs().stream()
          .map(input -> rounded(concat, input))
          .reduce(CodeRanges::union)
          .orElse(concat.range());
    }

    @Override
    public CodeRange requantize(Requantize requantize) {
      return rounded(requantize, requantize.input());
    }

    @Override
    public CodeRange leakyRelu(LeakyRelu relu) {
      return relu.codes(of(relu.input()));
    }

    /** Returns the codes of an input on the grid of an op's output. */
    private CodeRange rounded(IntegerOp op, IntegerTensor input) {
      return SumBounds.of(of(input), 1)
          .codes(op.output().format().frac() - input.format().frac(), op.range());
    }
  }

  private static CodeRange union(CodeRange a, CodeRange b) {
    return new CodeRange(Math.min(a.min(), b.min()), Math.max(a.max(), b.max()));
  }
}
