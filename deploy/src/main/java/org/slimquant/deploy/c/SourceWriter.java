package org.slimquant.deploy.c;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slimquant.engine.Add;
import org.slimquant.engine.AveragePool;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Concat;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.DepthwiseConv2D;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Pad;
import org.slimquant.engine.Requantize;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.WeightedOp;
import org.slimquant.engine.Window;

/**
 * Writes the source: the functions it needs, a table or two for each layer, and the run.
 *
 * <pre>{@code
 * static const struct layer conv1_layer = {
 *     .rows = 28, .columns = 28, .depth = 1, …
 * };
 * static const int8_t conv1_kernel[144 + LENET_STEP - 1] = { … };
 *
 * void lenet_run_in(int8_t *arena, const int8_t *input, int8_t *output)
 * {
 *     int8_t *const conv1_codes = arena;
 *     …
 *     conv2d_s8_s8(&conv1_layer, input, conv1_kernel, conv1_bias, arena + 15680, conv1_codes);
 *     LENET_TRACE(1, conv1_codes);
 *     …
 * }
 * }</pre>
 */
final class SourceWriter {

  private final IntegerModel model;
  private final String name;
  private final String macro;
  private final Arena arena;
  private final HeldCodes held;
  private final Functions functions;
  private final CNames names = new CNames();
  private final Map<IntegerTensor, String> variables = new LinkedHashMap<>();
  private final CText tables = new CText();
  private final CText pointers = new CText();
  private final CText calls = new CText();
  private long kernelBytes;
  private long otherBytes;
  private boolean layers;

  SourceWriter(IntegerModel model, String name) {
    this.model = model;
    this.name = name;
    macro = name.toUpperCase(Locale.ROOT);
    arena = new Arena(model);
    held = new HeldCodes(model);
    List<Scaling> scalings =
        model.ops().stream().flatMap(op -> scalings(op).stream()).filter(Scaling::left).toList();
    functions =
        new Functions(
            macro + "_STEP",
            scalings.stream().anyMatch(scaling -> !scaling.wide()),
            scalings.stream().anyMatch(Scaling::wide));
    writeOps();
  }

  private List<Scaling> scalings(IntegerOp op) {
    if (op instanceof WeightedOp layer) {
      return List.of(Scaling.of(layer, held));
    } else if (op instanceof Add add) {
      return List.of(scaling(add));
    } else if (op instanceof Concat || op instanceof Requantize) {
      return op.inputs().stream().map(input -> scaling(op, input)).toList();
    }
    return List.of();
  }

  private Scaling scaling(IntegerOp op, IntegerTensor input) {
    return Scaling.of(op, held.magnitude(input), input.format().exponent());
  }

  private Scaling scaling(Add add) {
    long bound =
        held.magnitude(add.left()) * factor(add, add.left())
            + held.magnitude(add.right()) * factor(add, add.right());
    return Scaling.of(add, bound, add.sumExponent());
  }

  /** Returns what brings an input of a sum to the finer of the two steps. */
  private static long factor(Add add, IntegerTensor input) {
    return 1L << (input.format().exponent() - add.sumExponent());
  }

  Arena arena() {
    return arena;
  }

  CFootprint footprint() {
    return new CFootprint(kernelBytes, otherBytes, arena.bytes(), arena.unsharedBytes());
  }

  /** Returns the whole source. */
  String text() {
    CText text = new CText();
    text.block(
        """
        /* %s: made by SlimQuant from an integer model. %s.h tells how to call it. */

        #include "%s.h"

        #include <string.h>

        """
            .formatted(CNames.comment(model.name()), name, name));
    if (functions.needStep()) {
      text.block(
          """
          /* How many products a dense layer or a convolution computes at once: 1 to 32. Where there are no
           * vectors, more than 1 is for nothing. */
          #ifndef $_STEP
          #if defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__riscv_vector)
          #define $_STEP 32
          #else
          #define $_STEP 1
          #endif
          #endif

          """
              .replace("$", macro));
    }
    text.block(
        """
        /* Sees each tensor when it is computed; the test program uses it. */
        #ifndef $_TRACE
        #define $_TRACE(tensor, codes) ((void)(codes))
        #endif

        """
            .replace("$", macro));
    if (layers) {
      text.block(
          """
          struct layer {
              int32_t rows, columns, depth;                    /* input */
              int32_t height, width;                           /* window */
              int32_t stride_down, stride_across;
              int32_t dilation_down, dilation_across;
              int32_t top, left;                               /* rows and columns of padding before the input */
              int32_t output_rows, output_columns, channels;   /* output */
              int32_t inputs;                                  /* weights for each output channel */
              int32_t shift;                                   /* from a sum to a code, if it is one for all */
              int32_t min, max;                                /* what codes are clamped to */
          };

          """);
    }
    return text.block(functions.text()).block(tables.toString()).block(run()).toString();
  }

  private String run() {
    return """

        void $name_run_in($unit *arena, const $in *input, $out *output)
        {
            (void)arena;
        $pointers
        $calls}

        #ifndef $MACRO_NO_STATIC_ARENA

        void $name_run(const $in *input, $out *output)
        {
            static $unit arena[$MACRO_ARENA_LENGTH];
            $name_run_in(arena, input, output);
        }

        #endif
        """
        .replace("$name", name)
        .replace("$MACRO", macro)
        .replace("$unit", arena.unit().text)
        .replace("$in", type(model.input()).text)
        .replace("$out", type(model.output()).text)
        .replace("$pointers\n", pointers.toString())
        .replace("$calls", calls.toString());
  }

  private static CType type(IntegerTensor tensor) {
    return CType.of(tensor.format());
  }

  private void writeOps() {
    variables.put(model.input(), "input");
    int number = 0;
    for (IntegerOp op : model.ops()) {
      String layer = names.unique(op.name(), "layer");
      declare(op.output());
      calls
          .blank()
          .line("    /* %s: %s".formatted(CNames.comment(op.name()), op.type()))
          .line("     * " + inputs(op))
          .line("     * -> %s%s */".formatted(CText.describe(op.output()), clamp(op)));
      write(op, layer);
      number++;
      calls.line("    %s_TRACE(%d, %s);".formatted(macro, number, variable(op.output())));
    }
    if (arena.isInput(model.output())) {
      calls.blank();
      calls.line(
          "    memcpy(output, input, %d * sizeof *output);".formatted(model.output().size()));
    }
  }

  private static String inputs(IntegerOp op) {
    List<String> inputs = op.inputs().stream().map(CText::describe).toList();
    return String.join("\n     * ", inputs);
  }

  private static String clamp(IntegerOp op) {
    boolean cut = !op.range().equals(CodeRange.all(op.output().format()));
    return cut ? ", clamped to " + op.range() : "";
  }

  /** Gives the output of an op a name in C. */
  private void declare(IntegerTensor tensor) {
    String variable = names.unique(tensor.name(), "tensor") + "_codes";
    variables.put(tensor, variable);
    boolean input = arena.isInput(tensor);
    String place = input ? "input" : arena.isOutput(tensor) ? "output" : arena.place(tensor);
    pointers.line(
        "    %s%s *const %s = %s;"
            .formatted(input ? "const " : "", type(tensor).text, variable, place));
  }

  private String variable(IntegerTensor tensor) {
    String variable = variables.get(tensor);
    if (variable == null) {
      throw new IllegalStateException(
          "a model must have the tensors it reads, but lacks " + tensor);
    }
    return variable;
  }

  private void write(IntegerOp op, String layer) {
    if (op instanceof WeightedOp weighted) {
      writeWeighted(weighted, layer);
    } else if (op instanceof MaxPool pool) {
      writeLayer(layer, geometry(pool.window(), pool.input(), pool.output()));
      calls.call(
          functions.maxPool(type(pool.input())),
          List.of("&" + layer + "_layer", variable(pool.input()), variable(pool.output())));
    } else if (op instanceof AveragePool pool) {
      writeAverage(pool, layer);
    } else if (op instanceof Add add) {
      writeAdd(add);
    } else if (op instanceof Concat concat) {
      writeConcat(concat);
    } else if (op instanceof Pad pad) {
      writePad(pad);
    } else if (op instanceof Requantize requantize) {
      int size = requantize.output().size();
      writeBlocks(requantize, requantize.input(), 1, size, 0, size);
    } else if (op instanceof Reshape) {
      calls.line("    /* the same codes in the same order: nothing to do */");
    }
  }

  private void writeWeighted(WeightedOp op, String layer) {
    Scaling scaling = Scaling.of(op, held);
    CType kernel = CType.of(op.kernel());
    CType output = type(op.output());
    boolean depthwise = op instanceof DepthwiseConv2D;
    CType input = depthwise ? type(op.input()) : held.factor(op.input());
    int inputs = op.kernel().codes().size() / op.channels();
    Map<String, Integer> fields = new LinkedHashMap<>();
    if (op instanceof Conv2D conv) {
      fields.putAll(geometry(conv.window(), conv.input(), conv.output()));
    } else if (op instanceof DepthwiseConv2D conv) {
      fields.putAll(geometry(conv.window(), conv.input(), conv.output()));
    }
    fields.put("channels", op.channels());
    fields.put("inputs", inputs);
    if (!scaling.perChannel()) {
      fields.put("shift", scaling.shifts().get(0));
    }
    fields.put("min", op.range().min());
    fields.put("max", op.range().max());
    writeLayer(layer, fields);
    writeTables(op, layer, kernel, scaling);

    String cast = input == type(op.input()) ? "" : "(const %s *)".formatted(input.text);
    List<String> arguments = new ArrayList<>();
    arguments.add("&" + layer + "_layer");
    arguments.add(cast + variable(op.input()));
    if (op instanceof Dense) {
      arguments.add(String.valueOf(inputs));
    }
    arguments.add(layer + "_kernel");
    arguments.add(layer + "_bias");
    if (scaling.perChannel()) {
      arguments.add(layer + "_shifts");
    }
    if (op instanceof Conv2D) {
      arguments.add(arena.patch(input));
    }
    arguments.add(variable(op.output()));
    String function;
    if (op instanceof Conv2D) {
      function = functions.conv2d(input, kernel, output, scaling);
    } else if (op instanceof DepthwiseConv2D conv) {
      boolean multiplied = conv.kernel().shape().get(3) > 1;
      function = functions.depthwise(input, kernel, output, scaling, multiplied);
    } else {
      function = functions.dense(input, kernel, output, scaling);
    }
    calls.call(function, arguments);
  }

  private void writeTables(WeightedOp op, String layer, CType kernel, Scaling scaling) {
    int size = op.kernel().codes().size();
    int[] codes = op.kernel().codes().toArray();
    int channels = op.channels();
    int inputs = size / channels;
    boolean rows = !(op instanceof DepthwiseConv2D);
    String length =
        op instanceof Conv2D ? size + " + " + macro + "_STEP - 1" : String.valueOf(size);
    tables
        .line(
            "/* %s %s, %s */"
                .formatted(
                    op.kernel().shape(),
                    (op.kernel().signed() ? "int" : "uint") + op.kernel().bits(),
                    rows ? "a row for each output channel" : "the output channels fastest"))
        .table(
            kernel.text,
            layer + "_kernel",
            length,
            java.util.stream.IntStream.range(0, size)
                .map(i -> rows ? codes[i % inputs * channels + i / inputs] : codes[i]))
        .table("int32_t", layer + "_bias", String.valueOf(channels), op.bias().stream());
    kernelBytes += (long) size * kernel.bytes;
    otherBytes += 4L * channels;
    if (scaling.perChannel()) {
      tables.table(
          "int8_t", layer + "_shifts", String.valueOf(channels), scaling.shifts().stream());
      otherBytes += channels;
    }
  }

  private static Map<String, Integer> geometry(
      Window window, IntegerTensor input, IntegerTensor output) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    fields.put("rows", input.shape().get(0));
    fields.put("columns", input.shape().get(1));
    fields.put("depth", input.shape().get(2));
    fields.put("height", window.height());
    fields.put("width", window.width());
    fields.put("stride_down", window.strideDown());
    fields.put("stride_across", window.strideAcross());
    fields.put("dilation_down", window.dilationDown());
    fields.put("dilation_across", window.dilationAcross());
    fields.put("top", window.padding().top());
    fields.put("left", window.padding().left());
    fields.put("output_rows", window.outputRows(input.shape().get(0)));
    fields.put("output_columns", window.outputColumns(input.shape().get(1)));
    fields.put("channels", output.shape().get(output.rank() - 1));
    return fields;
  }

  private void writeLayer(String layer, Map<String, Integer> fields) {
    layers = true;
    otherBytes += LAYER_BYTES;
    List<String> set =
        fields.entrySet().stream()
            .map(field -> "." + field.getKey() + " = " + field.getValue())
            .toList();
    tables.blank().line("static const struct layer %s_layer = {".formatted(layer));
    for (int i = 0; i < set.size(); i += 4) {
      tables.line("    " + String.join(", ", set.subList(i, Math.min(i + 4, set.size()))) + ",");
    }
    tables.line("};");
  }

  private static final int LAYER_BYTES = 18 * 4;

  private void writeAverage(AveragePool pool, String layer) {
    // A mean of 16-bit codes is less than half a step of a grid that is so much coarser.
    int coarsest = 17;
    int shift = pool.output().format().exponent() - pool.input().format().exponent();
    long finer = 1L << Math.max(0, -shift);
    long coarser = 1L << Math.max(0, Math.min(coarsest, shift));
    long count = (long) pool.window().height() * pool.window().width();
    long inside = Math.min(count, (long) pool.input().shape().get(0) * pool.input().shape().get(1));
    long dividend = 2 * finer * held.magnitude(pool.input()) * inside + inside * coarser;
    boolean wide = Math.max(dividend, 2 * inside * coarser) > Integer.MAX_VALUE;
    Map<String, Integer> fields = geometry(pool.window(), pool.input(), pool.output());
    fields.put("min", pool.range().min());
    fields.put("max", pool.range().max());
    writeLayer(layer, fields);
    calls.call(
        functions.averagePool(type(pool.input()), type(pool.output()), wide),
        List.of(
            "&" + layer + "_layer",
            variable(pool.input()),
            String.valueOf(finer),
            String.valueOf(coarser),
            variable(pool.output())));
  }

  private void writeAdd(Add add) {
    Scaling scaling = scaling(add);
    calls.call(
        functions.add(type(add.left()), type(add.right()), type(add.output()), scaling.wide()),
        List.of(
            variable(add.left()),
            String.valueOf(factor(add, add.left())),
            variable(add.right()),
            String.valueOf(factor(add, add.right())),
            String.valueOf(add.output().size()),
            String.valueOf(scaling.shifts().get(0)),
            String.valueOf(add.range().min()),
            String.valueOf(add.range().max()),
            variable(add.output())));
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
    Scaling scaling = scaling(op, input);
    calls.call(
        functions.requantize(type(input), type(op.output()), scaling.wide()),
        List.of(
            variable(input),
            String.valueOf(blocks),
            String.valueOf(block),
            String.valueOf(scaling.shifts().get(0)),
            String.valueOf(op.range().min()),
            String.valueOf(op.range().max()),
            variable(op.output()) + (before == 0 ? "" : " + " + before),
            String.valueOf(outputBlock)));
  }

  /** Writes the loops of a pad: one for each axis but the last, whose elements are copied. */
  private void writePad(Pad pad) {
    String input = variable(pad.input());
    String output = variable(pad.output());
    int rank = pad.input().rank();
    calls.line(
        "    memset(%s, 0, %d * sizeof *%s);".formatted(output, pad.output().size(), output));
    String from = "0";
    String to = "0";
    StringBuilder indent = new StringBuilder("    ");
    for (int axis = 0; axis < rank - 1; axis++) {
      String index = "i" + axis;
      calls.line(
          "%sfor (int32_t %s = 0; %s < %d; %s++) {"
              .formatted(indent, index, index, pad.input().shape().get(axis), index));
      from = outer(from, pad.input().shape().get(axis), index);
      to = outer(to, pad.output().shape().get(axis), index + " + " + pad.before().get(axis));
      indent.append("    ");
    }
    int row = rank == 0 ? 1 : pad.input().shape().get(rank - 1);
    int outputRow = rank == 0 ? 1 : pad.output().shape().get(rank - 1);
    int before = rank == 0 ? 0 : pad.before().get(rank - 1);
    calls
        .line("%smemcpy(".formatted(indent))
        .line("%s    %s + %s,".formatted(indent, output, outer(to, outputRow, "" + before)))
        .line(
            "%s    %s + %s, %d * sizeof *%s);"
                .formatted(indent, input, outer(from, row, "0"), row, output));
    for (int axis = rank - 2; axis >= 0; axis--) {
      indent.setLength(indent.length() - 4);
      calls.line(indent + "}");
    }
  }

  private static String outer(String index, int length, String inner) {
    String outer = index.equals("0") ? inner : "(%s) * %d + %s".formatted(index, length, inner);
    return outer.endsWith(" + 0") ? outer.substring(0, outer.length() - 4) : outer;
  }
}
