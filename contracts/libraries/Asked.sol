// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A question to a contract that answers the same to everybody; what it says against it is said in its own words.
library Asked {
    /// @notice The answer's bytes.
    function ask(address contract_, bytes memory question) internal view returns (bytes memory) {
        (bool success, bytes memory answer) = contract_.staticcall(question);
        if (success) return answer;
        // The error's bytes, as they are.
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
