package org.slimquant.deploy.compile.graph;

/**
 * An op that is in the way of a conversion.
 *
 * @param node the op
 * @param reason why it cannot be converted
 * @param remedy what to do about it
 */
public record Refused(Node node, String reason, String remedy) {}
