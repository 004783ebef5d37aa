package org.slimquant.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
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
 * <p>A model with several inputs or outputs reads and returns arrays by the names of its tensors:
 *
 * <pre>{@code
 * Map<String, float[]> found = engine.runReals(Map.of("left", left, "right", right));
 * float[] boxes = found.get("boxes");
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
  private final BatchCheck batches;
  private final ExampleLoop loop;
  private final Ports inputs;
  private final Ports outputs;

  // They are made once, because a run allocates nothing. A model with several inputs or outputs
  // does not use them.
  private final Transfer<int[]> codesIn;
  private final Transfer<float[]> realsIn;
  private final Transfer<int[]> codesOut;
  private final Transfer<float[]> realsOut;

  private IntegerEngine(IntegerModel model) {
    this.model = model;
    MemoryPlan memory = MemoryPlan.of(model, IntegerTensor::size);
    batches = new BatchCheck(model);
    loop = new ExampleLoop(model, memory);
    inputs = new Ports(model.inputs(), memory);
    outputs = new Ports(model.outputs(), memory);
    Port input = new Port(model.inputs().get(0), memory);
    Port output = new Port(model.outputs().get(0), memory);
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

  /** Returns the model that is run. */
  public IntegerModel model() {
    return model;
  }

  /**
   * Returns the output's codes for a batch of the input's.
   *
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a code that
   *     is not one of its format
   * @throws IllegalStateException if the model has several inputs or outputs
   */
  public int[] run(int[] input) {
    int[] output = new int[outputLength(input.length)];
    run(input, output);
    return output;
  }

  /**
   * Computes the output's codes for a batch of the input's.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a code that
   *     is not one of its format, or if the output has another number of examples
   * @throws IllegalStateException if the model has several inputs or outputs
   */
  public void run(int[] input, int[] output) {
    int examples = examples(input.length, output.length);
    batches.checkCodes(batches.input(), input);
    loop.run(examples, input, codesIn, output, codesOut);
  }

  /**
   * Returns the output for a batch of real numbers, which are quantized first.
   *
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN
   * @throws IllegalStateException if the model has several inputs or outputs
   */
  public float[] run(float[] input) {
    float[] output = new float[outputLength(input.length)];
    run(input, output);
    return output;
  }

  /**
   * Computes the output for a batch of real numbers, which are quantized first.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN, or
   *     if the output has another number of examples
   * @throws IllegalStateException if the model has several inputs or outputs
   */
  public void run(float[] input, float[] output) {
    int examples = examples(input.length, output.length);
    batches.checkReals(batches.input(), input);
    loop.run(examples, input, realsIn, output, realsOut);
  }

  /**
   * Computes the output's codes for a batch of real numbers, which are quantized first.
   *
   * @param output the array to fill; it does not change if there is an error
   * @throws IllegalArgumentException if the input is not a whole number of examples, or a NaN, or
   *     if the output has another number of examples
   * @throws IllegalStateException if the model has several inputs or outputs
   */
  public void run(float[] input, int[] output) {
    int examples = examples(input.length, output.length);
    batches.checkReals(batches.input(), input);
    loop.run(examples, input, realsIn, output, codesOut);
  }

  private int outputLength(int inputLength) {
    int examples = batches.examples(batches.input(), inputLength);
    return BatchCheck.lengthOf(model, batches.output(), examples);
  }

  private int examples(int inputLength, int outputLength) {
    int examples = batches.examples(batches.input(), inputLength);
    batches.checkOutput(batches.output(), outputLength, examples);
    return examples;
  }

  /**
   * Returns the codes of all outputs for batches of the inputs' codes.
   *
   * @param codes a batch for the name of each input, all with the same number of examples
   * @return a batch for the name of each output, in the order of {@link IntegerModel#outputs}
   * @throws IllegalArgumentException if an input is missing, a name is not that of an input, a
   *     batch is not a whole number of examples or has another number than the first, or a code is
   *     not one of its format
   */
  public Map<String, int[]> runCodes(Map<String, int[]> codes) {
    int examples = batches.examplesOfCodes(codes);
    Map<String, int[]> result = new LinkedHashMap<>();
    for (IntegerTensor output : model.outputs()) {
      result.put(output.name(), new int[BatchCheck.lengthOf(model, output, examples)]);
    }
    loop.run(examples, codes, inputs::readCodes, result, outputs::writeCodes);
    return result;
  }

  /**
   * Returns all outputs for batches of real numbers, which are quantized first.
   *
   * @param reals a batch for the name of each input, all with the same number of examples
   * @return a batch for the name of each output, in the order of {@link IntegerModel#outputs}
   * @throws IllegalArgumentException if an input is missing, a name is not that of an input, a
   *     batch is not a whole number of examples or has another number than the first, or a number
   *     is NaN
   */
  public Map<String, float[]> runReals(Map<String, float[]> reals) {
    int examples = batches.examplesOfReals(reals);
    Map<String, float[]> result = new LinkedHashMap<>();
    for (IntegerTensor output : model.outputs()) {
      result.put(output.name(), new float[BatchCheck.lengthOf(model, output, examples)]);
    }
    loop.run(examples, reals, inputs::readReals, result, outputs::writeReals);
    return result;
  }

  /**
   * Returns the input's codes for real numbers, as {@link org.slimquant.format.FixedPoint#quantize}
   * defines them. TensorFlow's fake quant computes in float32 and gives the next code to a number
   * that lies under a tie by no more than 2^(bits - 25) steps.
   *
   * @throws IllegalArgumentException if a number is NaN
   * @throws IllegalStateException if the model has several inputs
   */
  public int[] quantize(float[] input) {
    return quantized(batches.input(), input);
  }

  /**
   * Returns all inputs' codes for real numbers, by their names, as for one input.
   *
   * @param reals a batch for the name of each input, all with the same number of examples
   * @throws IllegalArgumentException as {@link #runReals} does
   */
  public Map<String, int[]> quantize(Map<String, float[]> reals) {
    batches.examplesOfReals(reals);
    Map<String, int[]> codes = new LinkedHashMap<>();
    for (IntegerTensor input : model.inputs()) {
      codes.put(input.name(), quantized(input, BatchCheck.batch(reals, input)));
    }
    return codes;
  }

  private int[] quantized(IntegerTensor input, float[] reals) {
    batches.checkReals(input, reals);
    int[] codes = new int[reals.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = input.format().quantize(reals[i]);
    }
    return codes;
  }

  /**
   * Returns the codes of every tensor for a batch of the input's, in the order of {@link
   * IntegerModel#tensors}.
   *
   * @throws IllegalArgumentException as {@link #run(int[])} does
   * @throws IllegalStateException if the model has several inputs
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
   * @throws IllegalStateException if the model has several inputs
   */
  public Map<String, int[]> trace(int[] input, List<String> tensors) {
    return trace(Map.of(batches.input().name(), input), tensors);
  }

  /**
   * Returns the codes of some tensors for batches of the inputs' codes, in the order of the names.
   *
   * @param codes a batch for the name of each input, all with the same number of examples
   * @param tensors their names
   * @throws NoSuchElementException if the model has no tensor with such a name
   * @throws IllegalArgumentException as {@link #runCodes} does
   */
  public Map<String, int[]> trace(Map<String, int[]> codes, List<String> tensors) {
    return loop.trace(batches.examplesOfCodes(codes), codes, inputs::readCodes, tensors);
  }
}
