// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "./Memory.sol";

/**
 * @title What is known while one operation of the account msg.sender is judged.
 * @dev A word for each field, at a fixed place of memory, so that no position is passed around. `open` takes that memory before anything else
 * is taken; the compiler's own memory ends below it, which contracts/build.ts checks. Whoever reads a field has set it: the first eight when
 * the root was found active, the others for each call.
 */
library Frame {
    uint256 private constant AT = 0x200;
    uint256 private constant CALL_SIZE = 0xc0;

    function open() internal pure {
        Memory.takeUntil(AT + 0x240);
    }

    /// @notice Cuts the interval of inclusion down to [lower, upper).
    function narrow(uint256 lower, uint256 upper) internal pure {
        if (lower > validFrom()) setValidFrom(lower);
        if (upper < validUntil()) setValidUntil(upper);
    }

    /// @notice Unix seconds: the claimed time, or the block's on the runtime path.
    function time() internal pure returns (uint256) {
        return Memory.word(AT);
    }

    function setTime(uint256 to) internal pure {
        Memory.put(AT, to);
    }

    /// @notice The operation may be included in [validFrom, validUntil). INVARIANT: validFrom <= time < validUntil.
    function validFrom() internal pure returns (uint256) {
        return Memory.word(AT + 0x20);
    }

    function setValidFrom(uint256 to) internal pure {
        Memory.put(AT + 0x20, to);
    }

    function validUntil() internal pure returns (uint256) {
        return Memory.word(AT + 0x40);
    }

    function setValidUntil(uint256 to) internal pure {
        Memory.put(AT + 0x40, to);
    }

    /// @notice The policy's `from`, from which windows count.
    function start() internal pure returns (uint256) {
        return Memory.word(AT + 0x60);
    }

    function setStart(uint256 to) internal pure {
        Memory.put(AT + 0x60, to);
    }

    /// @notice The session key.
    function key() internal pure returns (uint256) {
        return Memory.word(AT + 0x80);
    }

    function setKey(uint256 to) internal pure {
        Memory.put(AT + 0x80, to);
    }

    /// @notice Calldata position of the PackedUserOperation; 0 on the runtime path.
    function userOp() internal pure returns (uint256) {
        return Memory.word(AT + 0xa0);
    }

    function setUserOp(uint256 to) internal pure {
        Memory.put(AT + 0xa0, to);
    }

    /// @notice The session's first slot.
    function slot() internal pure returns (uint256) {
        return Memory.word(AT + 0xc0);
    }

    function setSlot(uint256 to) internal pure {
        Memory.put(AT + 0xc0, to);
    }

    /// @notice The word in that slot: status and two meters. It is written back at the end.
    function word0() internal pure returns (uint256) {
        return Memory.word(AT + 0xe0);
    }

    function setWord0(uint256 to) internal pure {
        Memory.put(AT + 0xe0, to);
    }

    /// @notice The number of the call that is judged.
    function callIndex() internal pure returns (uint256) {
        return Memory.word(AT + 0x100);
    }

    function setCallIndex(uint256 to) internal pure {
        Memory.put(AT + 0x100, to);
    }

    /// @notice The ether that the call sends.
    function value() internal pure returns (uint256) {
        return Memory.word(AT + 0x120);
    }

    function setValue(uint256 to) internal pure {
        Memory.put(AT + 0x120, to);
    }

    /// @notice Where the call's arguments begin, in calldata.
    function argumentsAt() internal pure returns (uint256) {
        return Memory.word(AT + 0x140);
    }

    function setArgumentsAt(uint256 to) internal pure {
        Memory.put(AT + 0x140, to);
    }

    /// @notice Where the heads of its arguments end.
    function headsEnd() internal pure returns (uint256) {
        return Memory.word(AT + 0x160);
    }

    function setHeadsEnd(uint256 to) internal pure {
        Memory.put(AT + 0x160, to);
    }

    /// @notice Where its calldata ends.
    function dataEnd() internal pure returns (uint256) {
        return Memory.word(AT + 0x180);
    }

    function setDataEnd(uint256 to) internal pure {
        Memory.put(AT + 0x180, to);
    }

    /// @notice Memory position of its function's descriptor.
    function descriptor() internal pure returns (uint256) {
        return Memory.word(AT + 0x1a0);
    }

    function setDescriptor(uint256 to) internal pure {
        Memory.put(AT + 0x1a0, to);
    }

    /// @notice How many of its arguments, from the first, are known to be canonical.
    function canonical() internal pure returns (uint256) {
        return Memory.word(AT + 0x1c0);
    }

    function setCanonical(uint256 to) internal pure {
        Memory.put(AT + 0x1c0, to);
    }

    /// @notice Memory position of the innermost quantifier's entry (see Elements). Only what stands in a quantifier reads it.
    function element() internal pure returns (uint256) {
        return Memory.word(AT + 0x1e0);
    }

    function setElement(uint256 to) internal pure {
        Memory.put(AT + 0x1e0, to);
    }

    /// @notice Memory position of the last charge that waits (see Nested). Only where there are nested calls.
    function waiting() internal pure returns (uint256) {
        return Memory.word(AT + 0x200);
    }

    function setWaiting(uint256 to) internal pure {
        Memory.put(AT + 0x200, to);
    }

    /// @notice Calldata position of the activation that stands before the witness; 0 where none does.
    function activation() internal pure returns (uint256) {
        return Memory.word(AT + 0x220);
    }

    function setActivation(uint256 to) internal pure {
        Memory.put(AT + 0x220, to);
    }

    /// @notice Copies what belongs to one call and its arguments, from `value` to `canonical`, to fresh memory.
    function save() internal pure returns (uint256 saved) {
        saved = Memory.take(CALL_SIZE);
        Memory.copy(saved, AT + 0x120, CALL_SIZE);
    }

    /// @notice Takes it back from there.
    function restore(uint256 saved) internal pure {
        Memory.copy(AT + 0x120, saved, CALL_SIZE);
    }
}
