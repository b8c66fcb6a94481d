// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is known while one operation is judged. Positions in calldata and memory are plain numbers.
struct Frame {
    /// Unix seconds: the claimed time, or the block's on the runtime path.
    uint256 time;
    /// The operation may be included in [validFrom, validUntil). INVARIANT: validFrom <= time < validUntil.
    uint256 validFrom;
    uint256 validUntil;
    /// The policy's `from`, from which windows count.
    uint256 start;
    address account;
    address key;
    /// Calldata position of the PackedUserOperation; 0 on the runtime path.
    uint256 userOp;
    /// The session's first slot, and the word in it: status and two meters, written back at the end.
    uint256 slot;
    uint256 word0;
    /// The call that is judged: its number, the ether it sends, where its arguments begin and its calldata ends.
    uint256 callIndex;
    uint256 value;
    uint256 arguments;
    uint256 end;
    /// The function's: words of the arguments' heads, memory position of the descriptor (0: none).
    uint256 headWords;
    uint256 descriptor;
    /// How many arguments, from the first, are known to be canonical.
    uint256 canonical;
}

using {narrow} for Frame global;

/// @notice Cuts the interval of inclusion down to [lower, upper).
function narrow(Frame memory f, uint256 lower, uint256 upper) pure {
    if (lower > f.validFrom) f.validFrom = lower;
    if (upper < f.validUntil) f.validUntil = upper;
}
