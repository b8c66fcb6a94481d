// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../libraries/Bits.sol";
import {Calldata} from "../libraries/Calldata.sol";
import {Memory} from "../libraries/Memory.sol";
import {Message} from "../libraries/text/Message.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";
import {Slots} from "../libraries/Slots.sol";
import {Sum, Sums, Wide} from "../libraries/Sums.sol";

/// @title FOR TESTS ONLY: what each assembly primitive does, once more in plain Solidity.
/// @dev Every function answers with what the primitive gives and with what it should give.
contract Twins {
    mapping(address account => uint256) private _values;

    function memoryWord(bytes memory data, uint256 at) external pure returns (uint256, uint256) {
        return (Memory.word(_start(data) + at), _number(data, at, 32));
    }

    function memoryNumber(bytes memory data, uint256 at, uint256 size) external pure returns (uint256, uint256) {
        return (Memory.number(_start(data) + at, size), _number(data, at, size));
    }

    function memoryOne(bytes memory data, uint256 at) external pure returns (uint256, uint256) {
        return (Memory.one(_start(data) + at), uint8(data[at]));
    }

    /// @notice Where bytes begin: the word there is their first one.
    function memoryPosition(bytes memory data) external pure returns (uint256, uint256) {
        return (Memory.word(Memory.positionOf(data)), uint256(bytes32(data)));
    }

    function memoryHash(bytes memory data, uint256 at, uint256 size) external pure returns (uint256, uint256) {
        bytes memory part = new bytes(size);
        for (uint256 i = 0; i < size; ++i) part[i] = data[at + i];
        return (Memory.hash(_start(data) + at, size), uint256(keccak256(part)));
    }

    /// @notice What is taken does not overlap what Solidity allocates before and after it.
    function memoryTake(uint256 size) external pure returns (bytes memory, bytes memory) {
        bytes memory before = "before";
        uint256 at = Memory.take(size);
        for (uint256 i = 0; i < size; ++i) Memory.putByte(at + i, 0xff);
        bytes memory behind = bytes.concat("be", "hind");
        for (uint256 i = 0; i < size; ++i) Memory.putByte(at + i, 0xaa);
        return (bytes.concat(before, behind), "beforebehind");
    }

    function memoryTakeUntil() external pure returns (bytes memory, bytes memory) {
        uint256 end = Memory.take(0) + 320;
        Memory.takeUntil(end);
        for (uint256 at = end - 320; at != end; at += 32) Memory.put(at, type(uint256).max);
        bytes memory behind = bytes.concat("be", "hind");
        for (uint256 at = end - 320; at != end; at += 32) Memory.put(at, 0);
        return (behind, "behind");
    }

    /// @notice What is given back is taken again by Solidity, which clears what it needs clear.
    function memoryRelease(uint256 size) external pure returns (bytes memory, bytes memory) {
        bytes memory before = "before";
        uint256 at = Memory.take(size);
        for (uint256 i = 0; i < size; ++i) Memory.putByte(at + i, 0xff);
        Memory.release(at);
        bytes memory behind = new bytes(size);
        return (
            bytes.concat(before, abi.encode(_start(behind) == at + 32), behind),
            bytes.concat("before", abi.encode(true), new bytes(size))
        );
    }

    /// @notice A text at the end of memory as a string.
    function messageString(bytes memory data) external pure returns (bytes memory, bytes memory) {
        uint256 text = Memory.take(0) + 96;
        Memory.copy(text, _start(data), data.length);
        return (bytes(Message.toString(text, data.length)), data);
    }

    function messageHash(bytes memory data) external pure returns (uint256, uint256) {
        uint256 text = Memory.take(0) + 96;
        Memory.copy(text, _start(data), data.length);
        uint256 hash = Message.hash(text, data.length);
        return (hash, uint256(MessageHashUtils.toEthSignedMessageHash(data)));
    }

    function memoryPut(
        bytes memory data,
        uint256 at,
        uint256 value
    ) external pure returns (bytes memory, bytes memory) {
        bytes memory twin = bytes.concat(data);
        for (uint256 i = 0; i < 32; ++i) twin[at + i] = bytes1(uint8(value >> (8 * (31 - i))));
        Memory.put(_start(data) + at, value);
        return (data, twin);
    }

    function memoryPutByte(
        bytes memory data,
        uint256 at,
        uint256 value
    ) external pure returns (bytes memory, bytes memory) {
        bytes memory twin = bytes.concat(data);
        twin[at] = bytes1(uint8(value));
        Memory.putByte(_start(data) + at, value);
        return (data, twin);
    }

    function memoryCopy(
        bytes memory data,
        uint256 target,
        uint256 source,
        uint256 size
    ) external pure returns (bytes memory, bytes memory) {
        bytes memory twin = bytes.concat(data);
        for (uint256 i = 0; i < size; ++i) twin[target + i] = data[source + i];
        Memory.copy(_start(data) + target, _start(data) + source, size);
        return (data, twin);
    }

    function calldataWord(bytes calldata data, uint256 at) external pure returns (uint256, uint256) {
        return (Calldata.word(Calldata.positionOf(data) + at), _number(data, at, 32));
    }

    function calldataCopy(
        bytes calldata data,
        uint256 at,
        uint256 size
    ) external pure returns (bytes memory, bytes memory) {
        bytes memory copied = new bytes(size);
        Calldata.copy(_start(copied), Calldata.positionOf(data) + at, size);
        return (copied, data[at:at + size]);
    }

    /// @notice And nothing of it stays: memory is taken where it would have been.
    function calldataHash(
        bytes calldata data,
        uint256 at,
        uint256 size
    ) external pure returns (uint256[2] memory, uint256[2] memory) {
        uint256 free = Memory.take(0);
        uint256 hash = Calldata.hash(Calldata.positionOf(data) + at, size);
        uint256 still = Memory.take(0);
        return ([hash, still], [uint256(keccak256(data[at:at + size])), free]);
    }

    function calldataBytesAt(
        bytes calldata data,
        uint256 at,
        uint256 size
    ) external pure returns (bytes memory, bytes memory) {
        return (Calldata.bytesAt(Calldata.positionOf(data) + at, size), data[at:at + size]);
    }

    function calldataTail(
        PackedUserOperation calldata userOp
    ) external pure returns (bytes32[4] memory, bytes32[4] memory) {
        uint256 op = Calldata.positionOf(userOp);
        return (
            [_tail(op, 0x40), _tail(op, 0x60), _tail(op, 0xe0), _tail(op, 0x100)],
            [
                keccak256(userOp.initCode),
                keccak256(userOp.callData),
                keccak256(userOp.paymasterAndData),
                keccak256(userOp.signature)
            ]
        );
    }

    /// @param data The encoding of `bytes` from its length word on, and what follows it.
    function calldataBytesEnd(bytes calldata data) external pure returns (uint256, uint256) {
        uint256 head = Calldata.positionOf(data);
        (uint256 next, uint256 flaws) = Calldata.bytesEnd(head, head + data.length);
        return (flaws == 0 ? next - head : 0, _bytesEnd(data));
    }

    function bits(uint256 a, uint256 b) external pure returns (uint256[6] memory, uint256[6] memory) {
        return (
            [
                Bits.same(a, b),
                Bits.less(a, b),
                Bits.more(a, b),
                Bits.quotient(a, b),
                Bits.byteAt(a, b),
                Bits.order(a, b)
            ],
            [
                a == b ? 1 : 0,
                a < b ? 1 : 0,
                a > b ? 1 : 0,
                b == 0 ? 0 : a / b,
                b < 32 ? uint8(bytes32(a)[b]) : 0,
                a < b
                    ? 0
                    : a == b
                        ? 1
                        : uint256(2)
            ]
        );
    }

    function slots(address account, uint256 root) external pure returns (uint256, uint256) {
        return (Slots.ofSession(uint160(account), root), uint256(keccak256(abi.encode(account, root))));
    }

    /// @notice A mapping at slot 0 keeps its values where the primitive says.
    function stored(address account, uint256 value) external returns (uint256, uint256) {
        _values[account] = value;
        uint256 slot = Slots.ofSession(uint160(account), 0);
        uint256 read = Slots.load(slot);
        Slots.store(slot, ~value);
        return (read ^ _values[account], type(uint256).max);
    }

    /// @notice What the module makes of a sum: the words that decide a comparison, and the sum rounded up. High words come first.
    function sum(
        uint256[3] calldata positive,
        uint256[3] calldata negative,
        uint256 denominator
    ) external pure returns (uint256 a, uint256 b, uint256 quotient, bool ok) {
        Sum memory value = Sum(
            Wide(positive[0], positive[1], positive[2]),
            Wide(negative[0], negative[1], negative[2]),
            denominator
        );
        (a, b) = Sums.decisive(value);
        (quotient, ok) = Sums.roundUp(value);
    }

    function product(uint256 a, uint256 b) external pure returns (uint256 high, uint256 low) {
        return Sums.fullMul(a, b);
    }

    function _tail(uint256 op, uint256 head) private pure returns (bytes32) {
        (uint256 position, uint256 size) = Calldata.tail(op, head);
        uint256 copied = Memory.take(size);
        Calldata.copy(copied, position, size);
        return bytes32(Memory.hash(copied, size));
    }

    /// @dev By the rules of the ABI: the length fits, whole words follow, what is too much in the last one is zero.
    function _bytesEnd(bytes calldata data) private pure returns (uint256) {
        if (data.length < 32) return 0;
        uint256 length = uint256(bytes32(data[:32]));
        if (length > data.length) return 0;
        uint256 end = 32 + length;
        while (end % 32 != 0) ++end;
        if (end > data.length) return 0;
        for (uint256 i = 32 + length; i < end; ++i) if (data[i] != 0) return 0;
        return end;
    }

    function _number(bytes memory data, uint256 at, uint256 size) private pure returns (uint256 value) {
        for (uint256 i = at; i < at + size; ++i) value = value * 256 + (i < data.length ? uint8(data[i]) : 0);
    }

    function _start(bytes memory data) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := add(data, 32)
        }
    }
}
