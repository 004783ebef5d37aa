package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.c.CStatement.Call;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.Requantize;
import org.slimquant.model.analysis.Broadcast;
import org.slimquant.model.analysis.Broadcast.Loop;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.ConcatBlocks;

/**
 * Makes the calls of ops that compute each code from a code of one input, or from one code of each
 * of two.
 */
final class ElementLowering {

  private final TensorPointers pointers;
  private final CodeRanges ranges;
  private final CFunctions functions;

  ElementLowering(TensorPointers pointers, CodeRanges ranges, CFunctions functions) {
    this.pointers = pointers;
    this.ranges = ranges;
    this.functions = functions;
  }

  /** Returns the call of an op of two tensors, in loops if one of them is broadcast. */
  CStatement binary(BinaryOp op) {
    RequantizationKind requantization = RequantizationKind.of(op, ranges);
    Broadcast broadcast = Broadcast.of(op);
    List<Integer> lengths = broadcast.outer().stream().map(Loop::length).toList();
    int size = broadcast.inner().length();
    int[] outputSteps = new int[lengths.size()];
    for (int depth = lengths.size() - 1, step = size; depth >= 0; depth--) {
      outputSteps[depth] = step;
      step *= lengths.get(depth);
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(place(op.left(), broadcast.outer().stream().mapToInt(Loop::left).toArray()));
    boolean scaled = op.kind() != BinaryOp.Kind.MULTIPLY;
    if (scaled) {
      arguments.add(String.valueOf(RequantizationKind.factor(op, op.left(), ranges)));
    }
    arguments.add(place(op.right(), broadcast.outer().stream().mapToInt(Loop::right).toArray()));
    if (scaled) {
      arguments.add(String.valueOf(RequantizationKind.factor(op, op.right(), ranges)));
    }
    arguments.add(String.valueOf(size));
    arguments.add(String.valueOf(requantization.shifts().get(0)));
    arguments.add(String.valueOf(op.range().min()));
    arguments.add(String.valueOf(op.range().max()));
    arguments.add(place(op.output(), outputSteps));
    CFunction function =
        functions.binary(
            op.kind(),
            CType.of(op.left()),
            CType.of(op.right()),
            CType.of(op.output()),
            requantization.wide(),
            RepeatedInput.of(broadcast.inner()));
    Call call = new Call(function, arguments);
    return lengths.isEmpty() ? call : new CStatement.CallLoops(lengths, call);
  }

  /** Returns where a tensor is read in a round of each loop: {@code x_codes + i0 * 40 + i1 * 8}. */
  private String place(IntegerTensor tensor, int[] steps) {
    StringBuilder place = new StringBuilder(pointers.name(tensor));
    for (int depth = 0; depth < steps.length; depth++) {
      if (steps[depth] != 0) {
        place.append(" + %s * %s".formatted(LoopPrinter.index(depth), steps[depth]));
      }
    }
    return place.toString();
  }

  /** Returns the call of a product of matrices, in a loop if there are several. */
  CStatement matMul(MatMul product) {
    RequantizationKind requantization = RequantizationKind.of(product, ranges);
    int rows = product.rows();
    int depth = product.depth();
    int columns = product.columns();
    boolean one = product.matrices() == 1;
    List<Object> arguments = new ArrayList<>();
    arguments.add(place(product.left(), one ? new int[0] : new int[] {rows * depth}));
    arguments.addAll(product.transposesLeft() ? List.of(1, rows) : List.of(depth, 1));
    arguments.add(place(product.right(), one ? new int[0] : new int[] {depth * columns}));
    arguments.addAll(product.transposesRight() ? List.of(1, depth) : List.of(columns, 1));
    arguments.addAll(List.of(rows, depth, columns, requantization.shifts().get(0)));
    arguments.addAll(List.of(product.range().min(), product.range().max()));
    arguments.add(place(product.output(), one ? new int[0] : new int[] {rows * columns}));
    Call call =
        new Call(
            functions.matMul(
                CType.of(product.left()),
                CType.of(product.right()),
                CType.of(product.output()),
                requantization.wide()),
            arguments.stream().map(String::valueOf).toList());
    return one ? call : new CStatement.CallLoops(List.of(product.matrices()), call);
  }

  /** Returns a call for each input of a concatenation. */
  List<Call> concat(Concat concat) {
    return ConcatBlocks.of(concat).stream()
        .map(
            blocks ->
                blocks(
                    concat,
                    blocks.input(),
                    blocks.count(),
                    blocks.size(),
                    blocks.first(),
                    blocks.stride()))
        .toList();
  }

  /** Returns the call of a requantization, which is one block. */
  Call requantize(Requantize op) {
    int size = op.output().size();
    return blocks(op, op.input(), 1, size, 0, size);
  }

  /** Returns the call of an op with two slopes. */
  Call leakyRelu(LeakyRelu relu) {
    RequantizationKind requantization = RequantizationKind.of(relu, ranges);
    Codes shifts = requantization.shifts();
    return new Call(
        new CodeFunctions(functions)
            .leakyRelu(CType.of(relu.input()), CType.of(relu.output()), requantization.wide()),
        List.of(
            pointers.name(relu.input()),
            String.valueOf(relu.output().size()),
            String.valueOf(relu.positive().sign()),
            String.valueOf(shifts.get(0)),
            String.valueOf(relu.negative().sign()),
            String.valueOf(shifts.get(shifts.size() - 1)),
            String.valueOf(relu.range().min()),
            String.valueOf(relu.range().max()),
            pointers.name(relu.output())));
  }

  /** Returns the call that writes an input's blocks to an output, the first at {@code before}. */
  private Call blocks(
      IntegerOp op, IntegerTensor input, int blocks, int block, int before, int outputBlock) {
    RequantizationKind requantization = RequantizationKind.of(op, input, ranges);
    return new Call(
        functions.requantize(CType.of(input), CType.of(op.output()), requantization.wide()),
        List.of(
            pointers.name(input),
            String.valueOf(blocks),
            String.valueOf(block),
            String.valueOf(requantization.shifts().get(0)),
            String.valueOf(op.range().min()),
            String.valueOf(op.range().max()),
            pointers.name(op.output()) + (before == 0 ? "" : " + " + before),
            String.valueOf(outputBlock)));
  }
}
