package org.slimquant.deploy.c;

import java.util.List;
import org.slimquant.model.IntegerModel;

/**
 * Writes the source: macros, functions, the constants of each layer, and the run.
 *
 * <pre>{@code
 * void lenet_run_in(int8_t *arena, const int8_t *input, int8_t *output)
 * {
 *     int8_t *const relu1_codes = arena;
 *     …
 *     lenet_conv2d_s8_s8(
 *         &lenet_Conv1_layer, input, lenet_Conv1_kernel, lenet_Conv1_bias, arena + 15680, relu1_codes);
 *     …
 * }
 * }</pre>
 */
final class SourceWriter {

  private final IntegerModel model;
  private final ModelName name;
  private final Arena arena;
  private final Functions functions;
  private final LayerTables tables;
  private final OpWriter ops;
  private final String header;

  SourceWriter(IntegerModel model, ModelName name) {
    this.model = model;
    this.name = name;
    arena = new Arena(model);
    HeldCodes held = new HeldCodes(model);
    List<Scaling> left =
        model.ops().stream()
            .flatMap(op -> Scaling.all(op, held).stream())
            .filter(Scaling::left)
            .toList();
    functions =
        new Functions(
            name,
            left.stream().anyMatch(scaling -> !scaling.wide()),
            left.stream().anyMatch(Scaling::wide));
    tables = new LayerTables(name);
    ops = new OpWriter(model, name, arena, held, functions, tables);
    ops.writeAll();
    header = HeaderWriter.text(model, name, footprint(), arena);
  }

  CFootprint footprint() {
    return new CFootprint(
        tables.kernelBytes(), tables.otherBytes(), arena.bytes(), arena.unsharedBytes());
  }

  /** Returns the header. */
  String header() {
    return header.replace("$HASH", HeaderWriter.hash(header));
  }

  /** Returns the whole source. */
  String text() {
    CText text = new CText();
    text.block(
        name.fill(SourceText.HEAD)
            .replace("$HASH", HeaderWriter.hash(header))
            .replace("$title", CNames.comment(model.name())));
    text.block(name.fill(SourceText.CONST));
    if (!functions.text().isEmpty()) {
      text.block(name.fill(SourceText.RESTRICT));
    }
    if (functions.needStep()) {
      text.block(name.fill(SourceText.STEP));
    }
    text.block(name.fill(SourceText.TRACE));
    if (!tables.empty()) {
      text.blank().block(tables.struct());
    }
    if (!functions.text().isEmpty()) {
      text.blank().block(functions.text());
    }
    text.block(tables.text());
    return text.block(
            name.fill(SourceText.RUN)
                .replace("$unit", arena.unit().text)
                .replace("$in", CType.of(model.input()).text)
                .replace("$out", CType.of(model.output()).text)
                .replace("$pointers\n", ops.pointers())
                .replace("$calls\n", ops.calls()))
        .toString();
  }
}
