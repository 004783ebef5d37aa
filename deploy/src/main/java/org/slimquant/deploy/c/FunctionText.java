package org.slimquant.deploy.c;

/**
 * The text of the functions in C. {@code $X}, {@code $W} and {@code $Y} stand for the types of
 * input, weights (or second input) and output, {@code $A} for that of sums, {@code $LAYER} for the
 * struct, {@code $RESTRICT} and {@code $SPACE} for macros of {@link SourceText}.
 *
 * <p>Products and sums are of {@code $A}, never of {@code int}, which has 16 bits on AVR and
 * MSP430.
 */
final class FunctionText {

  private FunctionText() {}

  static final String SHIFT_RIGHT =
      """
      /* value / 2^shift, rounded down. C99 leaves open what >> makes of negative values, but not what it
       * makes of this; compilers make one arithmetic shift of it. */
      static inline $A $NAME($A value, int32_t shift)
      {
          return value < 0 ? ~(~value >> shift) : value >> shift;
      }
      """;

  static final String TO_CODE =
      """
      /* The code of a sum: sum / 2^shift, rounded half up, clamped to min .. max. */
      static inline int32_t $NAME($A sum, int32_t shift, int32_t min, int32_t max)
      {
          const $A code = $SHIFT(sum + ($ONE << (shift - 1)), shift);
          return (int32_t)(code < min ? min : code > max ? max : code);
      }
      """;

  static final String TO_CODE_EITHER =
      """
      /* The code of a sum: sum / 2^shift, rounded half up, clamped to min .. max. For a negative shift the
       * sum is multiplied; one of 2^$BITS or more is beyond every code as it is, and cut before. */
      static inline int32_t $NAME($A sum, int32_t shift, int32_t min, int32_t max)
      {
          const $A beyond = $BEYOND;
          $A code;
          if (shift > 0) {
              code = $SHIFT(sum + ($ONE << (shift - 1)), shift);
          } else {
              code = (sum < -beyond ? -beyond : sum > beyond ? beyond : sum) * ($ONE << -shift);
          }
          return (int32_t)(code < min ? min : code > max ? max : code);
      }
      """;

  static final String COPY_WINDOW =
      """
      /* Copies a window of the input, row by row, to the patch; zeros for what lies outside. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input, int32_t top, int32_t left,
          $X *$RESTRICT patch)
      {
          const int32_t depth = layer->depth;
          const size_t pixel = (size_t)depth * sizeof *patch;
          const int whole = layer->dilation_across == 1 && left >= 0
              && left <= layer->columns - layer->width;
          for (int32_t i = 0; i < layer->height; i++) {
              const int32_t row = top + i * layer->dilation_down;
              if (row < 0 || row >= layer->rows) {
                  memset(patch, 0, (size_t)layer->width * pixel);
                  patch += layer->width * depth;
              } else if (whole) {
                  memcpy(patch, input + (row * layer->columns + left) * depth, (size_t)layer->width * pixel);
                  patch += layer->width * depth;
              } else {
                  for (int32_t j = 0; j < layer->width; j++) {
                      const int32_t column = left + j * layer->dilation_across;
                      if (column < 0 || column >= layer->columns) {
                          memset(patch, 0, pixel);
                      } else {
                          memcpy(patch, input + (row * layer->columns + column) * depth, pixel);
                      }
                      patch += depth;
                  }
              }
          }
      }
      """;

  static final String DENSE =
      """
      /* The code of each output channel: its bias and the sum of inputs times weights. Reads count inputs;
       * those beyond layer->inputs are zeros, and the weights beside them those of the next row. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input, int32_t count,
          const $SPACE $W *$RESTRICT kernel, const $SPACE int32_t *$RESTRICT bias,
          $PARAMETER$Y *$RESTRICT output)
      {
          const int32_t whole = count / $STEP * $STEP;
          const int32_t row = layer->inputs;
          const $SPACE $W *row0 = kernel;
          int32_t channel = 0;
          for (int32_t group = layer->channels / 4; group > 0; group--) {
              const $SPACE $W *const row1 = row0 + row;
              const $SPACE $W *const row2 = row1 + row;
              const $SPACE $W *const row3 = row2 + row;
              $A sum0 = bias[channel];
              $A sum1 = bias[channel + 1];
              $A sum2 = bias[channel + 2];
              $A sum3 = bias[channel + 3];
              int32_t i = 0;
              for (; i < whole; i++) {
                  const $A x = input[i];
                  sum0 += x * row0[i];
                  sum1 += x * row1[i];
                  sum2 += x * row2[i];
                  sum3 += x * row3[i];
              }
              for (int32_t rest = count % $STEP; rest > 0; rest--, i++) {
                  const $A x = input[i];
                  sum0 += x * row0[i];
                  sum1 += x * row1[i];
                  sum2 += x * row2[i];
                  sum3 += x * row3[i];
              }
              output[channel] = ($Y)$CODE(sum0, $SHIFT_OF(channel), layer->min, layer->max);
              output[channel + 1] = ($Y)$CODE(sum1, $SHIFT_OF(channel + 1), layer->min, layer->max);
              output[channel + 2] = ($Y)$CODE(sum2, $SHIFT_OF(channel + 2), layer->min, layer->max);
              output[channel + 3] = ($Y)$CODE(sum3, $SHIFT_OF(channel + 3), layer->min, layer->max);
              row0 = row3 + row;
              channel += 4;
          }
          for (int32_t single = layer->channels % 4; single > 0; single--) {
              $A sum = bias[channel];
              int32_t i = 0;
              for (; i < whole; i++) {
                  sum += ($A)input[i] * row0[i];
              }
              for (int32_t rest = count % $STEP; rest > 0; rest--, i++) {
                  sum += ($A)input[i] * row0[i];
              }
              output[channel] = ($Y)$CODE(sum, $SHIFT_OF(channel), layer->min, layer->max);
              row0 += row;
              channel++;
          }
      }
      """;

  static final String CONV2D =
      """
      /* A convolution: a dense layer at each place of the window. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input,
          const $SPACE $W *$RESTRICT kernel, const $SPACE int32_t *$RESTRICT bias,
          $PARAMETER$X *$RESTRICT patch, $Y *$RESTRICT output)
      {
          const int32_t count = (layer->inputs + $STEP - 1) / $STEP * $STEP;
          memset(patch, 0, (size_t)count * sizeof *patch);
          for (int32_t r = 0; r < layer->output_rows; r++) {
              for (int32_t c = 0; c < layer->output_columns; c++) {
                  $COPY(
                      layer, input, r * layer->stride_down - layer->top,
                      c * layer->stride_across - layer->left, patch);
                  $DENSE(layer, patch, count, kernel, bias, $ARGUMENToutput);
                  output += layer->channels;
              }
          }
      }
      """;

  static final String DEPTHWISE =
      """
      /* A convolution of each channel by itself, 16 channels at a time. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input,
          const $SPACE $W *$RESTRICT kernel, const $SPACE int32_t *$RESTRICT bias,
          $PARAMETER$Y *$RESTRICT output)
      {
          for (int32_t r = 0; r < layer->output_rows; r++) {
              for (int32_t c = 0; c < layer->output_columns; c++) {
                  for (int32_t first = 0; first < layer->channels; first += 16) {
                      const int32_t rest = layer->channels - first;
                      const int32_t count = rest < 16 ? rest : 16;
                      $A sums[16];
                      for (int32_t k = 0; k < count; k++) {
                          sums[k] = bias[first + k];
                      }
                      for (int32_t i = 0; i < layer->height; i++) {
                          const int32_t row = r * layer->stride_down - layer->top + i * layer->dilation_down;
                          if (row < 0 || row >= layer->rows) {
                              continue;
                          }
                          for (int32_t j = 0; j < layer->width; j++) {
                              const int32_t column =
                                  c * layer->stride_across - layer->left + j * layer->dilation_across;
                              if (column < 0 || column >= layer->columns) {
                                  continue;
                              }
                              const $X *const x =
                                  input + (row * layer->columns + column) * layer->depth + first;
                              const $SPACE $W *const w =
                                  kernel + (i * layer->width + j) * layer->channels + first;
                              for (int32_t k = 0; k < count; k++) {
                                  sums[k] += ($A)x[k] * w[k];
                              }
                          }
                      }
                      for (int32_t k = 0; k < count; k++) {
                          *output++ = ($Y)$CODE(sums[k], $SHIFT_OF(first + k), layer->min, layer->max);
                      }
                  }
              }
          }
      }
      """;

  static final String DEPTHWISE_MULTIPLIED =
      """
      /* A convolution of each channel by itself, with several output channels for each of the input. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input,
          const $SPACE $W *$RESTRICT kernel, const $SPACE int32_t *$RESTRICT bias,
          $PARAMETER$Y *$RESTRICT output)
      {
          const int32_t multiplier = layer->channels / layer->depth;
          for (int32_t r = 0; r < layer->output_rows; r++) {
              for (int32_t c = 0; c < layer->output_columns; c++) {
                  for (int32_t channel = 0; channel < layer->channels; channel++) {
                      $A sum = bias[channel];
                      for (int32_t i = 0; i < layer->height; i++) {
                          const int32_t row = r * layer->stride_down - layer->top + i * layer->dilation_down;
                          if (row < 0 || row >= layer->rows) {
                              continue;
                          }
                          for (int32_t j = 0; j < layer->width; j++) {
                              const int32_t column =
                                  c * layer->stride_across - layer->left + j * layer->dilation_across;
                              if (column < 0 || column >= layer->columns) {
                                  continue;
                              }
                              sum += ($A)input[(row * layer->columns + column) * layer->depth
                                         + channel / multiplier]
                                  * kernel[(i * layer->width + j) * layer->channels + channel];
                          }
                      }
                      *output++ = ($Y)$CODE(sum, $SHIFT_OF(channel), layer->min, layer->max);
                  }
              }
          }
      }
      """;

  static final String MAX_POOL =
      """
      /* The largest code in each window, for each channel. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input, $Y *$RESTRICT output)
      {
          const int32_t depth = layer->depth;
          for (int32_t r = 0; r < layer->output_rows; r++) {
              for (int32_t c = 0; c < layer->output_columns; c++) {
                  int first = 1;
                  for (int32_t i = 0; i < layer->height; i++) {
                      const int32_t row = r * layer->stride_down - layer->top + i;
                      if (row < 0 || row >= layer->rows) {
                          continue;
                      }
                      for (int32_t j = 0; j < layer->width; j++) {
                          const int32_t column = c * layer->stride_across - layer->left + j;
                          if (column < 0 || column >= layer->columns) {
                              continue;
                          }
                          const $X *const x = input + (row * layer->columns + column) * depth;
                          if (first) {
                              memcpy(output, x, (size_t)depth * sizeof *output);
                              first = 0;
                              continue;
                          }
                          for (int32_t k = 0; k < depth; k++) {
                              output[k] = x[k] > output[k] ? x[k] : output[k];
                          }
                      }
                  }
                  output += depth;
              }
          }
      }
      """;

  static final String FLOOR_DIVIDE =
      """
      /* dividend / divisor, rounded down, for a positive divisor. */
      static inline $A $NAME($A dividend, $A divisor)
      {
          const $A quotient = dividend / divisor;
          return dividend % divisor < 0 ? quotient - 1 : quotient;
      }
      """;

  static final String AVERAGE_POOL =
      """
      /* The mean of each window, for each channel, rounded half up once. The output's step is the input's,
       * divided by finer or multiplied by coarser. What lies outside of the input does not count. */
      static void $NAME(
          const $SPACE struct $LAYER *layer, const $X *$RESTRICT input, $A finer, $A coarser,
          $Y *$RESTRICT output)
      {
          for (int32_t r = 0; r < layer->output_rows; r++) {
              for (int32_t c = 0; c < layer->output_columns; c++) {
                  for (int32_t first = 0; first < layer->depth; first += 16) {
                      const int32_t rest = layer->depth - first;
                      const int32_t count = rest < 16 ? rest : 16;
                      $A sums[16] = {0};
                      $A divisor = 0;
                      for (int32_t i = 0; i < layer->height; i++) {
                          const int32_t row = r * layer->stride_down - layer->top + i;
                          if (row < 0 || row >= layer->rows) {
                              continue;
                          }
                          for (int32_t j = 0; j < layer->width; j++) {
                              const int32_t column = c * layer->stride_across - layer->left + j;
                              if (column < 0 || column >= layer->columns) {
                                  continue;
                              }
                              const $X *const x =
                                  input + (row * layer->columns + column) * layer->depth + first;
                              for (int32_t k = 0; k < count; k++) {
                                  sums[k] += x[k];
                              }
                              divisor += coarser;
                          }
                      }
                      for (int32_t k = 0; k < count; k++) {
                          const $A mean = $DIVIDE(2 * finer * sums[k] + divisor, 2 * divisor);
                          *output++ = ($Y)(mean < layer->min ? layer->min : mean > layer->max ? layer->max : mean);
                      }
                  }
              }
          }
      }
      """;

  static final String ADD =
      """
      /* Sums, element by element, of codes brought to one step by a factor each. */
      static void $NAME(
          const $X *$RESTRICT left, $A left_factor, const $W *$RESTRICT right, $A right_factor,
          int32_t size, int32_t shift, int32_t min, int32_t max, $Y *$RESTRICT output)
      {
          for (int32_t i = 0; i < size; i++) {
              output[i] = ($Y)$CODE(left[i] * left_factor + right[i] * right_factor, shift, min, max);
          }
      }
      """;

  static final String REQUANTIZE =
      """
      /* Codes brought to another step, in blocks that lie farther apart in the output. */
      static void $NAME(
          const $X *$RESTRICT input, int32_t blocks, int32_t block, int32_t shift, int32_t min, int32_t max,
          $Y *$RESTRICT output, int32_t output_block)
      {
          for (int32_t i = 0; i < blocks; i++) {
              for (int32_t k = 0; k < block; k++) {
                  output[i * output_block + k] = ($Y)$CODE(input[i * block + k], shift, min, max);
              }
          }
      }
      """;
}
