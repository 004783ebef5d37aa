/**
 * The demo: trains a network, quantizes it, compares the two and deploys the integers.
 *
 * <ul>
 *   <li>{@code Demo} is the program that {@code mvn -Pdemo} runs: LeNet on handwritten digits.
 *   <li>{@code FashionMnist} does the same with larger networks, {@code FashionNetwork}, and
 *       several seeds.
 *   <li>{@code Comparison} has the steps from the float model to the report; {@code Checks} and
 *       {@code ComparisonReport} are the last of them.
 *   <li>{@code data}, {@code training}, {@code measures} and {@code deployment} are the packages
 *       that it calls.
 *   <li>{@code FashionSegmentation} trains a network with two outputs; its steps are in {@code
 *       segmentation}.
 * </ul>
 */
@NullMarked
package org.slimquant.demo;

import org.jspecify.annotations.NullMarked;
