package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.c.CStatement.Call;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Table;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.WindowCounts;

/**
 * Makes the calls of ops that have constants: layers with weights, and poolings.
 *
 * <pre>{@code
 * lenet_conv2d_s8_s8(
 *     &lenet_Conv1_layer, input, lenet_Conv1_kernel, lenet_Conv1_bias, arena + 15680, relu1_codes);
 * }</pre>
 */
final class LayerLowering {

  // A mean of 16-bit codes is less than half a step of a grid that is so much coarser.
  private static final int MOST_COARSER = 17;

  private final ModelName name;
  private final Arena arena;
  private final TensorPointers pointers;
  private final CodeRanges ranges;
  private final CFunctions functions;
  private final ConstantPool constants;
  private final CNames names;

  LayerLowering(
      ModelName name,
      Arena arena,
      TensorPointers pointers,
      CodeRanges ranges,
      CFunctions functions,
      ConstantPool constants) {
    this.name = name;
    this.arena = arena;
    this.pointers = pointers;
    this.ranges = ranges;
    this.functions = functions;
    this.constants = constants;
    names = new CNames(name.prefixed("_kernel").length());
  }

  /** Returns the call of a layer with weights. */
  Call weighted(WeightedOp op) {
    String layer = unique(op);
    RequantizationKind requantization = RequantizationKind.of(op, ranges);
    CType stored = CType.of(op.input());
    CType input =
        op instanceof DepthwiseConv2D ? stored : CType.factor(op.input(), ranges.of(op.input()));
    String cast = input == stored ? "" : "(const %s *)".formatted(input.text);

    List<String> arguments = new ArrayList<>();
    arguments.add(struct(LayerStruct.of(layer, op, requantization)));
    arguments.add(cast + pointers.name(op.input()));
    if (op instanceof Dense) {
      arguments.add(String.valueOf(op.input().size()));
    }
    arguments.add(table(CTable.kernel(layer, op)));
    arguments.add(table(CTable.bias(layer, op)));
    if (requantization.perChannel()) {
      arguments.add(table(CTable.shifts(layer, requantization)));
    }
    if (op instanceof Conv2D) {
      arguments.add(arena.patch(input));
    }
    arguments.add(pointers.name(op.output()));
    return new Call(function(op, input, requantization), arguments);
  }

  private CFunction function(WeightedOp op, CType input, RequantizationKind requantization) {
    CType kernel = CType.of(op.kernel());
    CType output = CType.of(op.output());
    if (op instanceof Conv2D) {
      return functions.conv2d(input, kernel, output, requantization);
    } else if (op instanceof DepthwiseConv2D conv) {
      boolean multiplied = conv.kernel().shape().get(3) > 1;
      return functions.depthwise(input, kernel, output, requantization, multiplied);
    }
    return functions.dense(input, kernel, output, requantization);
  }

  /** Returns the call of a pooling. */
  Call maxPool(MaxPool pool) {
    return new Call(
        functions.maxPool(CType.of(pool.input())),
        List.of(
            struct(LayerStruct.of(unique(pool), pool)),
            pointers.name(pool.input()),
            pointers.name(pool.output())));
  }

  /** Returns the call of a pooling. */
  Call averagePool(AveragePool pool) {
    int shift = pool.output().format().frac() - pool.input().format().frac();
    long finer = 1L << Math.max(0, -shift);
    long coarser = 1L << Math.max(0, Math.min(MOST_COARSER, shift));
    long most = WindowCounts.of(pool).largest();
    long dividend = 2 * finer * ranges.magnitude(pool.input()) * most + most * coarser;
    boolean wide = Math.max(dividend, 2 * most * coarser) > Integer.MAX_VALUE;
    return new Call(
        functions.averagePool(CType.of(pool.input()), CType.of(pool.output()), wide),
        List.of(
            struct(LayerStruct.of(unique(pool), pool)),
            pointers.name(pool.input()),
            String.valueOf(finer),
            String.valueOf(coarser),
            pointers.name(pool.output())));
  }

  /** Returns the call of a table, which has an entry for each code that the input can hold. */
  Call table(Table table) {
    CodeRange codes = ranges.of(table.input());
    return new Call(
        new CodeFunctions(functions).table(CType.of(table.input()), CType.of(table.output())),
        List.of(
            pointers.name(table.input()),
            String.valueOf(table.output().size()),
            String.valueOf(codes.min()),
            table(CTable.function(unique(table), table, codes)),
            pointers.name(table.output())));
  }

  /** Returns a name for an op's constants. */
  private String unique(IntegerOp op) {
    return names.uniqueCapital(op.name(), "layer");
  }

  private String struct(LayerStruct struct) {
    return "&" + name.prefixed(constants.add(struct));
  }

  private String table(CTable table) {
    return name.prefixed(constants.add(table));
  }
}
