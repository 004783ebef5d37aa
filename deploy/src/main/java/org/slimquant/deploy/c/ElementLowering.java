package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.c.CStatement.Call;
import org.slimquant.model.Add;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;

/** Makes the calls of ops that compute each code from one code of each input. */
final class ElementLowering {

  private final TensorPointers pointers;
  private final HeldCodes held;
  private final CFunctions functions;

  ElementLowering(TensorPointers pointers, HeldCodes held, CFunctions functions) {
    this.pointers = pointers;
    this.held = held;
    this.functions = functions;
  }

  /** Returns the call of a sum. */
  Call add(Add add) {
    RequantizationKind requantization = RequantizationKind.of(add, held);
    return new Call(
        functions.add(
            CType.of(add.left()),
            CType.of(add.right()),
            CType.of(add.output()),
            requantization.wide()),
        List.of(
            pointers.name(add.left()),
            String.valueOf(RequantizationKind.factor(add, add.left(), held)),
            pointers.name(add.right()),
            String.valueOf(RequantizationKind.factor(add, add.right(), held)),
            String.valueOf(add.output().size()),
            String.valueOf(requantization.shifts().get(0)),
            String.valueOf(add.range().min()),
            String.valueOf(add.range().max()),
            pointers.name(add.output())));
  }

  /** Returns a call for each input of a concatenation. */
  List<Call> concat(Concat concat) {
    int axis = concat.axis();
    List<Integer> shape = concat.output().shape();
    int inner = size(shape.subList(axis + 1, shape.size()));
    int blocks = size(shape.subList(0, axis));
    int before = 0;
    List<Call> calls = new ArrayList<>();
    for (IntegerTensor input : concat.inputs()) {
      int block = input.shape().get(axis) * inner;
      calls.add(blocks(concat, input, blocks, block, before, shape.get(axis) * inner));
      before += block;
    }
    return calls;
  }

  /** Returns the call of a requantization, which is one block. */
  Call requantize(Requantize op) {
    int size = op.output().size();
    return blocks(op, op.input(), 1, size, 0, size);
  }

  private static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Returns the call that writes an input's blocks to an output, the first at {@code before}. */
  private Call blocks(
      IntegerOp op, IntegerTensor input, int blocks, int block, int before, int outputBlock) {
    RequantizationKind requantization = RequantizationKind.of(op, input, held);
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
