package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.WeightedOp;

/** Makes the program of a model, op by op. */
final class ProgramBuilder {

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
    HeldCodes held = new HeldCodes(model);
    CFunctions functions = functions(model, name, held);
    layers = new LayerLowering(name, arena, pointers, held, functions, constants);
    elements = new ElementLowering(pointers, held, functions);
  }

  private static CFunctions functions(IntegerModel model, ModelName name, HeldCodes held) {
    List<RequantizationKind> left =
        model.ops().stream()
            .flatMap(op -> RequantizationKind.all(op, held).stream())
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
      List<CStatement> statements = List.copyOf(statements(op));
      calls.add(new OpCalls(op, statements, pointers.name(op.output())));
      for (CStatement statement : statements) {
        if (statement instanceof CStatement.Call call) {
          call.function().inOrder().forEach(functions::add);
        }
      }
    }
    return new CProgram(
        model, name, arena, List.copyOf(functions), constants.all(), pointers.all(), calls);
  }

  private List<? extends CStatement> statements(IntegerOp op) {
    if (op instanceof WeightedOp weighted) {
      return List.of(layers.weighted(weighted));
    } else if (op instanceof MaxPool pool) {
      return List.of(layers.maxPool(pool));
    } else if (op instanceof AveragePool pool) {
      return List.of(layers.averagePool(pool));
    } else if (op instanceof Add add) {
      return List.of(elements.add(add));
    } else if (op instanceof Concat concat) {
      return elements.concat(concat);
    } else if (op instanceof Requantize requantize) {
      return List.of(elements.requantize(requantize));
    } else if (op instanceof Pad pad) {
      return List.of(
          new CStatement.PadLoops(pad, pointers.name(pad.input()), pointers.name(pad.output())));
    }
    // A reshape's output is its input's memory.
    return List.of();
  }
}
