package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.WeightedOp;

/**
 * Writes the ops of a model as calls, in the order in which they are computed, each below a comment
 * with its name, its kind, and its tensors.
 *
 * <pre>{@code
 * lenet_conv2d_s8_s8(
 *     &lenet_Conv1_layer, input, lenet_Conv1_kernel, lenet_Conv1_bias, arena + 15680, relu1_codes);
 * LENET_TRACE(1, relu1_codes);
 * }</pre>
 */
final class OpWriter {

  // A mean of 16-bit codes is less than half a step of a grid that is so much coarser.
  private static final int MOST_COARSER = 17;

  private final IntegerModel model;
  private final ModelName name;
  private final Arena arena;
  private final HeldCodes held;
  private final Functions functions;
  private final LayerTables tables;
  private final CNames layers;
  private final TensorPointers pointers;
  private final CText calls = new CText();

  OpWriter(
      IntegerModel model,
      ModelName name,
      Arena arena,
      HeldCodes held,
      Functions functions,
      LayerTables tables) {
    this.model = model;
    this.name = name;
    this.arena = arena;
    this.held = held;
    this.functions = functions;
    this.tables = tables;
    layers = new CNames(name.prefixed("_kernel").length());
    this.pointers = new TensorPointers(arena, model.input());
  }

  /** Returns the declarations of where each tensor is. */
  String pointers() {
    return pointers.toString();
  }

  /** Returns the calls. */
  String calls() {
    return calls.toString();
  }

  void writeAll() {
    int number = 0;
    for (IntegerOp op : model.ops()) {
      pointers.declare(op.output());
      describe(op);
      write(op);
      number++;
      calls.line(
          "    %s(%s, %s);".formatted(name.macro("TRACE"), number, pointers.variable(op.output())));
    }
    if (arena.isInput(model.output())) {
      calls
          .blank()
          .line("    memcpy(output, input, %s * sizeof *output);".formatted(model.output().size()));
    }
  }

  private void describe(IntegerOp op) {
    boolean cut = !op.range().equals(CodeRange.all(op.output().format()));
    calls.blank().line("    /* %s: %s".formatted(CNames.comment(op.name()), op.type()));
    op.inputs().forEach(input -> calls.line("     * " + CText.describe(input)));
    calls.line(
        "     * -> %s%s */"
            .formatted(CText.describe(op.output()), cut ? ", clamped to " + op.range() : ""));
  }

  private void write(IntegerOp op) {
    if (op instanceof WeightedOp weighted) {
      writeWeighted(weighted);
    } else if (op instanceof MaxPool pool) {
      writeMax(pool);
    } else if (op instanceof AveragePool pool) {
      writeAverage(pool);
    } else if (op instanceof Add add) {
      writeAdd(add);
    } else if (op instanceof Concat concat) {
      writeConcat(concat);
    } else if (op instanceof Pad pad) {
      calls.block(PadText.of(pad, pointers.variable(pad.input()), pointers.variable(pad.output())));
    } else if (op instanceof Requantize requantize) {
      int size = requantize.output().size();
      writeBlocks(requantize, requantize.input(), 1, size, 0, size);
    }
    // A reshape's output is its input's memory.
  }

  private void writeWeighted(WeightedOp op) {
    String layer = unique(op);
    Scaling scaling = Scaling.of(op, held);
    tables.add(layer, op, scaling);

    CType stored = CType.of(op.input());
    CType input = op instanceof DepthwiseConv2D ? stored : held.factor(op.input());
    String cast = input == stored ? "" : "(const %s *)".formatted(input.text);
    List<String> arguments = new ArrayList<>();
    arguments.add("&" + name.prefixed(layer + "_layer"));
    arguments.add(cast + pointers.variable(op.input()));
    if (op instanceof Dense) {
      arguments.add(String.valueOf(op.input().size()));
    }
    arguments.add(tables.table(layer + "_kernel"));
    arguments.add(tables.table(layer + "_bias"));
    if (scaling.perChannel()) {
      arguments.add(tables.table(layer + "_shifts"));
    }
    if (op instanceof Conv2D) {
      arguments.add(arena.patch(input));
    }
    arguments.add(pointers.variable(op.output()));
    calls.call(function(op, input, scaling), arguments);
  }

  private String function(WeightedOp op, CType input, Scaling scaling) {
    CType kernel = CType.of(op.kernel());
    CType output = CType.of(op.output());
    if (op instanceof Conv2D) {
      return functions.conv2d(input, kernel, output, scaling);
    } else if (op instanceof DepthwiseConv2D conv) {
      boolean multiplied = conv.kernel().shape().get(3) > 1;
      return functions.depthwise(input, kernel, output, scaling, multiplied);
    }
    return functions.dense(input, kernel, output, scaling);
  }

  /** Returns the name of an op's tables. */
  private String unique(IntegerOp op) {
    return layers.uniqueCapital(op.name(), "layer");
  }

  private void writeMax(MaxPool pool) {
    String layer = unique(pool);
    tables.add(layer, pool);
    calls.call(
        functions.maxPool(CType.of(pool.input())),
        List.of(
            "&" + name.prefixed(layer + "_layer"),
            pointers.variable(pool.input()),
            pointers.variable(pool.output())));
  }

  private void writeAverage(AveragePool pool) {
    String layer = unique(pool);
    tables.add(layer, pool);
    int shift = pool.output().format().frac() - pool.input().format().frac();
    long finer = 1L << Math.max(0, -shift);
    long coarser = 1L << Math.max(0, Math.min(MOST_COARSER, shift));
    long most =
        Math.min(
            (long) pool.window().height() * pool.window().width(),
            (long) pool.input().shape().get(0) * pool.input().shape().get(1));
    long dividend = 2 * finer * held.magnitude(pool.input()) * most + most * coarser;
    boolean wide = Math.max(dividend, 2 * most * coarser) > Integer.MAX_VALUE;
    calls.call(
        functions.averagePool(CType.of(pool.input()), CType.of(pool.output()), wide),
        List.of(
            "&" + name.prefixed(layer + "_layer"),
            pointers.variable(pool.input()),
            String.valueOf(finer),
            String.valueOf(coarser),
            pointers.variable(pool.output())));
  }

  private void writeAdd(Add add) {
    Scaling scaling = Scaling.of(add, held);
    calls.call(
        functions.add(
            CType.of(add.left()), CType.of(add.right()), CType.of(add.output()), scaling.wide()),
        List.of(
            pointers.variable(add.left()),
            String.valueOf(Scaling.factor(add, add.left(), held)),
            pointers.variable(add.right()),
            String.valueOf(Scaling.factor(add, add.right(), held)),
            String.valueOf(add.output().size()),
            String.valueOf(scaling.shifts().get(0)),
            String.valueOf(add.range().min()),
            String.valueOf(add.range().max()),
            pointers.variable(add.output())));
  }

  private void writeConcat(Concat concat) {
    int axis = concat.axis();
    List<Integer> shape = concat.output().shape();
    int inner = size(shape.subList(axis + 1, shape.size()));
    int blocks = size(shape.subList(0, axis));
    int before = 0;
    for (IntegerTensor input : concat.inputs()) {
      int block = input.shape().get(axis) * inner;
      writeBlocks(concat, input, blocks, block, before, shape.get(axis) * inner);
      before += block;
    }
  }

  private static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Writes an input's part of an output: {@code blocks} blocks, the first at {@code before}. */
  private void writeBlocks(
      IntegerOp op, IntegerTensor input, int blocks, int block, int before, int outputBlock) {
    Scaling scaling = Scaling.of(op, input, held);
    calls.call(
        functions.requantize(CType.of(input), CType.of(op.output()), scaling.wide()),
        List.of(
            pointers.variable(input),
            String.valueOf(blocks),
            String.valueOf(block),
            String.valueOf(scaling.shifts().get(0)),
            String.valueOf(op.range().min()),
            String.valueOf(op.range().max()),
            pointers.variable(op.output()) + (before == 0 ? "" : " + " + before),
            String.valueOf(outputBlock)));
  }
}
