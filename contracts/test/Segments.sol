// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FOR TESTS ONLY: what a signature holds for each hook and for the validation, as ERC-6900 lays it out.
/// @notice `[index1 ‖ length4 ‖ data]* ‖ 0xFF ‖ what the validation checks`, by rising index; a hook that has no segment gets nothing.
library Segments {
    error MalformedSignature();

    /// @return segment What is there for the hook of this index.
    /// @return rest What comes behind it.
    function take(
        bytes calldata signature,
        uint256 index
    ) internal pure returns (bytes calldata segment, bytes calldata rest) {
        uint8 next = signature.length == 0 ? 0 : uint8(signature[0]);
        // A segment before this one would be for no hook; an empty one could as well be left out.
        if (signature.length == 0 || next < index) revert MalformedSignature();
        if (next > index) return (signature[:0], signature);
        (segment, rest) = split(signature[1:]);
        if (segment.length == 0) revert MalformedSignature();
    }

    /// @notice Splits `length4 ‖ part ‖ rest`.
    function split(bytes calldata data) internal pure returns (bytes calldata part, bytes calldata rest) {
        if (data.length < 4) revert MalformedSignature();
        uint256 end = 4 + uint256(uint32(bytes4(data[:4])));
        if (data.length < end) revert MalformedSignature();
        return (data[4:end], data[end:]);
    }

    /// @return What the validation itself checks.
    function last(bytes calldata signature) internal pure returns (bytes calldata) {
        if (signature.length == 0 || signature[0] != 0xff) revert MalformedSignature();
        return signature[1:];
    }
}
