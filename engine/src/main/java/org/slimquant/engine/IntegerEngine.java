package org.slimquant.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;

/**
 * Runs an {@link IntegerModel} in integers.
 *
 * <pre>{@code
 * IntegerEngine engine = IntegerEngine.of(IntegerModel.read(file));
 * float[] scores = engine.run(pixels);                   // reals in, reals out
 * int[] codes = engine.run(engine.quantize(pixels));     // codes in, codes out
 * int[] hidden = engine.trace(engine.quantize(pixels), List.of("relu1")).get("relu1");
 * }</pre>
 *
 * <p>Inputs and outputs are batches of any size: one example after the other, each in the order of
 * its tensor's shape, the last axis fastest.
 *
 * <p>Any number of threads may use an engine at the same time. The {@code run} methods with an
 * array for the output allocate only workspaces, as many as there are runs at the same time.
 */
public final class IntegerEngine {

  private final IntegerModel model;
  private final Step[] steps;
  private final MemoryPlan memory;
  private final Workspace.Pool workspaces;
  private final BatchCheck batches;
  private final int outputSize;

  // It is made once, because a run allocates nothing.
  private final Port.Transfer<int[]> codesIn;
  private final Port.Transfer<float[]> realsIn;
  private final Port.Transfer<int[]> codesOut;
  private final Port.Transfer<float[]> realsOut;

  private IntegerEngine(IntegerModel model) {
    this.model = model;
    memory = MemoryPlan.of(model, IntegerTensor::size);
    steps = model.ops().stream().map(op -> Steps.of(op, memory)).toArray(Step[]::new);
    workspaces = new Workspace.Pool(memory.size(), scratch(steps));
    batches = new BatchCheck(model);
    outputSize = model.output().size();
    Port input = new Port(model.input(), memory);
    Port output = new Port(model.output(), memory);
    codesIn = input::readCodes;
    realsIn = input::readReals;
    codesOut = output::writeCodes;
    realsOut = output::writeReals;
  }

  /**
   * Returns an engine for a model.
   *
   * @throws IllegalArgumentException if the tensors of one example need more than 2^31 - 1 codes
   */
  public static IntegerEngine of(IntegerModel model) {
    return new IntegerEngine(model);
  }

  /** Returns the scratch memory that is enough for each of the steps. */
  private static Scratch scratch(Step[] steps) {
    return Stream.of(steps).map(Step::scratch).reduce(Scratch.NONE, Scratch::max);
  }

  /** Returns the model that is run. */
  public IntegerModel model() {
    return model;
  }

  /**
   * Returns the output's codes for a batch of the input's.
   *
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a code that
   *     is not one of its format
   */
  public int[] run(int[] input) {
    int[] output = new int[batches.lengthOf(outputSize, batches.examples(input.length))];
    run(input, output);
    return output;
  }

  /**
   * Computes the output's codes for a batch of the input's.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a code that
   *     is not one of its format, or if the output has another number of examples
   */
  public void run(int[] input, int[] output) {
    int examples = batches.examples(input.length);
    batches.checkOutput(output.length, examples);
    batches.checkCodes(input);
    run(examples, input, codesIn, output, codesOut);
  }

  /**
   * Returns the output for a batch of real numbers, which are quantized first.
   *
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN
   */
  public float[] run(float[] input) {
    float[] output = new float[batches.lengthOf(outputSize, batches.examples(input.length))];
    run(input, output);
    return output;
  }

  /**
   * Computes the output for a batch of real numbers, which are quantized first.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN, or
   *     if the output has another number of examples
   */
  public void run(float[] input, float[] output) {
    int examples = batches.examples(input.length);
    batches.checkOutput(output.length, examples);
    batches.checkNumbers(input);
    run(examples, input, realsIn, output, realsOut);
  }

  /**
   * Computes the output's codes for a batch of real numbers, which are quantized first.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN, or
   *     if the output has another number of examples
   */
  public void run(float[] input, int[] output) {
    int examples = batches.examples(input.length);
    batches.checkOutput(output.length, examples);
    batches.checkNumbers(input);
    run(examples, input, realsIn, output, codesOut);
  }

  private <I, O> void run(
      int examples, I input, Port.Transfer<I> read, O output, Port.Transfer<O> write) {
    Workspace workspace = workspaces.take();
    try {
      for (int example = 0; example < examples; example++) {
        read.copy(input, example, workspace);
        for (Step step : steps) {
          step.run(workspace);
        }
        write.copy(output, example, workspace);
      }
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  /**
   * Returns the input's codes for real numbers, as {@link org.slimquant.format.FixedPoint#quantize}
   * defines them. TensorFlow's fake quant computes in float32 and gives the next code to a number
   * that lies under a tie by no more than 2^(bits - 25) steps.
   *
   * @throws IllegalArgumentException if a number is NaN
   */
  public int[] quantize(float[] input) {
    batches.checkNumbers(input);
    int[] codes = new int[input.length];
    for (int i = 0; i < input.length; i++) {
      codes[i] = model.input().format().quantize(input[i]);
    }
    return codes;
  }

  /**
   * Returns the codes of every tensor for a batch of the input's, in the order of {@link
   * IntegerModel#tensors}.
   *
   * @throws IllegalArgumentException as {@link #run(int[])} does
   */
  public Map<String, int[]> trace(int[] input) {
    return trace(input, model.tensors().stream().map(IntegerTensor::name).toList());
  }

  /**
   * Returns the codes of some tensors for a batch of the input's, in the order of the names.
   *
   * @param tensors their names
   * @throws NoSuchElementException if the model has no tensor with such a name
   * @throws IllegalArgumentException as {@link #run(int[])} does
   */
  public Map<String, int[]> trace(int[] input, List<String> tensors) {
    int examples = batches.examples(input.length);
    batches.checkCodes(input);
    Map<String, int[]> traced = new LinkedHashMap<>();
    for (String tensor : tensors) {
      traced.put(tensor, new int[batches.lengthOf(model.tensor(tensor).size(), examples)]);
    }
    Workspace workspace = workspaces.take();
    try {
      for (int example = 0; example < examples; example++) {
        codesIn.copy(input, example, workspace);
        // A later tensor may take the place of an earlier one.
        keep(model.input(), workspace, traced, example);
        for (int i = 0; i < steps.length; i++) {
          steps[i].run(workspace);
          keep(model.ops().get(i).output(), workspace, traced, example);
        }
      }
    } finally {
      workspaces.giveBack(workspace);
    }
    return traced;
  }

  private void keep(
      IntegerTensor tensor, Workspace workspace, Map<String, int[]> traced, int example) {
    int[] codes = traced.get(tensor.name());
    if (codes != null) {
      new Port(tensor, memory).writeCodes(codes, example, workspace);
    }
  }
}
