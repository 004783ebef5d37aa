package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.StridedCopy;

/** Makes the program of a model, op by op. */
final class ProgramBuilder implements OpCases<List<? extends CStatement>> {

  private final IntegerModel model;
  private final ModelName name;
  private final Arena arena;
  private final TensorPointers pointers;
  private final ConstantPool constants = new ConstantPool();
  private final LayerLowering layers;
  private final ElementLowering elements;

  /** Lays out the memory of a model, and names its tensors. */
  ProgramBuilder(IntegerModel model) {
    this.model = model;
    name = ModelName.of(model.name());
    arena = new Arena(model);
    pointers = new TensorPointers(model, arena);
    // A program does not check the bytes that a caller passes in, and no sum may overflow because
    // of them: so the input may be any value of its C type.
    CodeRanges ranges = CodeRanges.clamped(model, input -> CType.of(input).range());
    CFunctions functions = functions(model, name, ranges);
    layers = new LayerLowering(name, arena, pointers, ranges, functions, constants);
    elements = new ElementLowering(pointers, ranges, functions);
  }

  private static CFunctions functions(IntegerModel model, ModelName name, CodeRanges ranges) {
    List<RequantizationKind> left =
        model.ops().stream()
            .flatMap(op -> op.apply(new Requantizations(ranges)).stream())
            .filter(RequantizationKind::left)
            .toList();
    return new CFunctions(
        name,
        left.stream().anyMatch(requantization -> !requantization.wide()),
        left.stream().anyMatch(RequantizationKind::wide));
  }

  /** Returns the program. */
  CProgram build() {
    List<OpCalls> calls = new ArrayList<>();
    Set<CFunction> functions = new LinkedHashSet<>();
    for (IntegerOp op : model.ops()) {
      List<CStatement> statements = List.copyOf(op.apply(this));
      calls.add(new OpCalls(op, statements, pointers.name(op.output())));
      for (CStatement statement : statements) {
        statement.functions().forEach(function -> function.inOrder().forEach(functions::add));
      }
    }
    return new CProgram(
        model, name, arena, List.copyOf(functions), constants.all(), pointers.all(), calls);
  }

  @Override
  public List<? extends CStatement> conv2D(Conv2D conv) {
    return List.of(layers.weighted(conv));
  }

  @Override
  public List<? extends CStatement> depthwiseConv2D(DepthwiseConv2D conv) {
    return List.of(layers.weighted(conv));
  }

  @Override
  public List<? extends CStatement> dense(Dense dense) {
    return List.of(layers.weighted(dense));
  }

  @Override
  public List<? extends CStatement> maxPool(MaxPool pool) {
    return List.of(layers.maxPool(pool));
  }

  @Override
  public List<? extends CStatement> averagePool(AveragePool pool) {
    return List.of(layers.averagePool(pool));
  }

  @Override
  public List<? extends CStatement> binary(BinaryOp op) {
    return List.of(elements.binary(op));
  }

  @Override
  public List<? extends CStatement> matMul(MatMul product) {
    return List.of(elements.matMul(product));
  }

  @Override
  public List<? extends CStatement> concat(Concat concat) {
    return elements.concat(concat);
  }

  @Override
  public List<? extends CStatement> pad(Pad pad) {
    return List.of(
        new CStatement.PadLoops(pad, pointers.name(pad.input()), pointers.name(pad.output())));
  }

  @Override
  public List<? extends CStatement> slice(Slice slice) {
    return List.of(copy(slice, StridedCopy.of(slice)));
  }

  @Override
  public List<? extends CStatement> transpose(Transpose transpose) {
    return List.of(copy(transpose, StridedCopy.of(transpose)));
  }

  @Override
  public List<? extends CStatement> tile(Tile tile) {
    return List.of(copy(tile, StridedCopy.of(tile)));
  }

  private CStatement copy(IntegerOp op, StridedCopy copy) {
    return new CStatement.CopyLoops(
        copy, pointers.name(op.inputs().get(0)), pointers.name(op.output()));
  }

  @Override
  public List<? extends CStatement> reshape(Reshape reshape) {
    // A reshape's output is its input's memory.
    return List.of();
  }

  @Override
  public List<? extends CStatement> requantize(Requantize requantize) {
    return List.of(elements.requantize(requantize));
  }

  @Override
  public List<? extends CStatement> table(Table table) {
    return List.of(layers.table(table));
  }

  @Override
  public List<? extends CStatement> leakyRelu(LeakyRelu relu) {
    return List.of(elements.leakyRelu(relu));
  }
}
