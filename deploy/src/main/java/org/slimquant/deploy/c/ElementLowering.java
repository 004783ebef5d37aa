package org.slimquant.deploy.c;

import java.util.List;
import org.slimquant.deploy.c.CStatement.Call;
import org.slimquant.model.Add;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.Requantize;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.ConcatBlocks;

/** Makes the calls of ops that compute each code from one code of each input. */
final class ElementLowering {

  private final TensorPointers pointers;
  private final CodeRanges ranges;
  private final CFunctions functions;

  ElementLowering(TensorPointers pointers, CodeRanges ranges, CFunctions functions) {
    this.pointers = pointers;
    this.ranges = ranges;
    this.functions = functions;
  }

  /** Returns the call of a sum. */
  Call add(Add add) {
    RequantizationKind requantization = RequantizationKind.of(add, ranges);
    return new Call(
        functions.add(
            CType.of(add.left()),
            CType.of(add.right()),
            CType.of(add.output()),
            requantization.wide()),
        List.of(
            pointers.name(add.left()),
            String.valueOf(RequantizationKind.factor(add, add.left(), ranges)),
            pointers.name(add.right()),
            String.valueOf(RequantizationKind.factor(add, add.right(), ranges)),
            String.valueOf(add.output().size()),
            String.valueOf(requantization.shifts().get(0)),
            String.valueOf(add.range().min()),
            String.valueOf(add.range().max()),
            pointers.name(add.output())));
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
        functions.leakyRelu(CType.of(relu.input()), CType.of(relu.output()), requantization.wide()),
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
